// signal-hook, its iterator. Arguments: EXFILTRATOR MODE [ARGUMENT], where EXFILTRATOR is plain (SignalOnly), origin (WithOrigin)
// or raw (WithRawSiginfo).
use signal_hook::iterator::exfiltrator::{raw::WithRawSiginfo, Exfiltrator, SignalOnly, WithOrigin};
use signal_hook::iterator::SignalsInfo;

fn put(s: &[u8]) {
    unsafe {
        libc::write(1, s.as_ptr().cast(), s.len());
    }
}
fn now() -> i64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut t) };
    t.tv_sec * 1_000_000_000 + t.tv_nsec
}

const SI_QUEUE: i32 = -1;

/// What one output of the iterator says: signal number, and the sigqueue payload where it can be seen.
trait Event {
    fn signal(&self) -> i32;
    fn value(&self) -> Option<i32> {
        None
    }
}
impl Event for i32 {
    fn signal(&self) -> i32 {
        *self
    }
}
impl Event for signal_hook::low_level::siginfo::Origin {
    fn signal(&self) -> i32 {
        self.signal
    }
}
impl Event for libc::siginfo_t {
    fn signal(&self) -> i32 {
        self.si_signo
    }
    fn value(&self) -> Option<i32> {
        if self.si_code == SI_QUEUE {
            Some(unsafe { self.si_value() }.sival_ptr as usize as i32)
        } else {
            None
        }
    }
}

fn open<E: Exfiltrator>(exfiltrator: E, numbers: &[i32]) -> SignalsInfo<E> {
    SignalsInfo::with_exfiltrator(numbers, exfiltrator).unwrap_or_else(|error| {
        eprintln!("{error}");
        std::process::exit(3)
    })
}

fn run<E: Exfiltrator>(exfiltrator: E, mode: &str, argument: i32)
where
    E::Output: Event,
{
    match mode {
        "latency" => {
            let mut signals = open(exfiltrator, &[argument]);
            put(b"r");
            for _ in signals.forever() {
                put(b"x");
            }
        }
        "count" => {
            let mut signals = open(exfiltrator, &[argument, libc::SIGINT]);
            let (mut count, mut last, mut misordered, mut highest, mut value_seen) = (0u64, 0i64, 0u64, -1i32, false);
            put(b"r");
            for event in signals.forever() {
                if event.signal() == libc::SIGINT {
                    let misordered_text = if value_seen { misordered.to_string() } else { "na".into() };
                    put(format!("count={count} misordered={misordered_text} last_ns={last}\n").as_bytes());
                    (count, last, misordered, highest, value_seen) = (0, 0, 0, -1, false);
                } else {
                    count += 1;
                    last = now();
                    if let Some(value) = event.value() {
                        value_seen = true;
                        if value < highest {
                            misordered += 1
                        } else {
                            highest = value
                        }
                    }
                }
            }
        }
        "order" => {
            let mut signals = open(exfiltrator, &[libc::SIGHUP, libc::SIGTERM]);
            put(b"r");
            for event in signals.forever() {
                put(if event.signal() == libc::SIGHUP { b"h" } else { b"t" });
            }
        }
        _ => std::process::exit(2),
    }
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let argument = words.get(3).and_then(|word| word.parse().ok()).unwrap_or(0);
    match words[1].as_str() {
        "origin" => run(WithOrigin::default(), &words[2], argument),
        "raw" => run(WithRawSiginfo::default(), &words[2], argument),
        _ => run(SignalOnly::default(), &words[2], argument),
    }
}

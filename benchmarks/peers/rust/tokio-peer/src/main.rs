// tokio::signal. Arguments: FLAVOR MODE [ARGUMENT], where FLAVOR is mt (what #[tokio::main] starts) or ct (current_thread).
use tokio::signal::unix::{signal, SignalKind};
use tokio::sync::{broadcast, mpsc};

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
fn on(sig: i32) -> tokio::signal::unix::Signal {
    signal(SignalKind::from_raw(sig)).unwrap_or_else(|e| {
        eprintln!("signal {sig}: {e}");
        std::process::exit(3)
    })
}

async fn run(mode: String, arg: i32) {
    match mode.as_str() {
        "latency" => {
            let mut s = on(arg);
            put(b"r");
            while s.recv().await.is_some() {
                put(b"x");
            }
        }
        "count" => {
            let (mut s, mut int) = (on(arg), on(libc::SIGINT));
            let (mut n, mut last) = (0u64, 0i64);
            put(b"r");
            loop {
                tokio::select! {
                    biased;
                    Some(_) = s.recv() => { n += 1; last = now(); }
                    Some(_) = int.recv() => {
                        put(format!("count={n} misordered=na last_ns={last}\n").as_bytes());
                        n = 0; last = 0;
                    }
                }
            }
        }
        "order" => {
            // Two streams, one select!: tokio has no single stream over several signals.
            let (mut h, mut t) = (on(libc::SIGHUP), on(libc::SIGTERM));
            put(b"r");
            loop {
                tokio::select! {
                    Some(_) = h.recv() => put(b"h"),
                    Some(_) = t.recv() => put(b"t"),
                }
            }
        }
        "shutdown" => {
            let (tx, _) = broadcast::channel::<()>(1);
            let (up, mut ups) = mpsc::channel::<()>(arg as usize);
            let mut tasks = Vec::new();
            for _ in 0..arg {
                let (mut rx, up) = (tx.subscribe(), up.clone());
                tasks.push(tokio::spawn(async move {
                    let _ = up.send(()).await;
                    let _ = rx.recv().await;
                }));
            }
            let mut term = on(libc::SIGTERM);
            for _ in 0..arg {
                ups.recv().await;
            }
            put(b"r");
            term.recv().await;
            let _ = tx.send(());
            let mut stopped = 0;
            for t in tasks {
                if t.await.is_ok() {
                    stopped += 1;
                }
            }
            put(format!("stopped={stopped}\n").as_bytes());
        }
        _ => std::process::exit(2),
    }
}

fn main() {
    let a: Vec<String> = std::env::args().collect();
    let arg = a.get(3).and_then(|s| s.parse().ok()).unwrap_or(0);
    let mut b = if a[1] == "ct" {
        tokio::runtime::Builder::new_current_thread()
    } else {
        tokio::runtime::Builder::new_multi_thread()
    };
    b.enable_all().build().unwrap().block_on(run(a[2].clone(), arg));
}

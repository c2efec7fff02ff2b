// Node, process.on. Real-time signals have no name in os.constants.signals, so they cannot be listened to.
'use strict';
const events = require('events');
const fs = require('fs');
const os = require('os');
const { setTimeout: delay } = require('timers/promises');

const [mode, argument] = process.argv.slice(2);
const put = text => fs.writeSync(1, text);
const names = Object.fromEntries(Object.entries(os.constants.signals).map(([name, number]) => [number, name]));

function nameOf(number) {
    if (!names[number]) {
        console.error(`no name for signal ${number}`);
        process.exit(3);
    }

    return names[number];
}

function ready() {
    setInterval(() => {}, 1e6); // A listener alone does not keep the process alive.
    put('r');
}

function latency() {
    process.on(nameOf(+argument), () => put('x'));
    ready();
}

function count() {
    let counted = 0, last = 0n;
    process.on(nameOf(+argument), () => {
        counted++;
        last = process.hrtime.bigint(); // CLOCK_MONOTONIC
    });
    process.on('SIGINT', () => {
        put(`count=${counted} misordered=na last_ns=${last}\n`);
        counted = 0;
        last = 0n;
    });
    ready();
}

function order() {
    process.on('SIGHUP', () => put('h'));
    process.on('SIGTERM', () => put('t'));
    ready();
}

async function shutdown() {
    events.setMaxListeners(0);
    const controller = new AbortController();
    let stopped = 0;
    async function task() {
        try {
            await delay(2 ** 31 - 1, undefined, { signal: controller.signal });
        } catch (error) {
            if (error.name !== 'AbortError') {
                throw error;
            }
        }

        stopped++;
    }

    const all = Array.from({ length: +argument }, task);
    process.on('SIGTERM', () => controller.abort());
    put('r');
    await Promise.all(all);
    put(`stopped=${stopped}\n`);
    process.removeAllListeners('SIGTERM');
}

const modes = { latency, count, order, shutdown };
if (!modes[mode]) {
    process.exit(2);
}

modes[mode]();

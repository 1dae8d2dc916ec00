//! What the screen costs while a million negatives lie under it: resident memory (PSS) in steady state and filtered,
//! the peak, and the CPU time of doing nothing. A plain program, Linux only. `cargo bench --bench memory`

#[path = "support/seat.rs"]
mod seat;
#[path = "support/stored.rs"]
mod stored;
mod support;

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

use seat::{Res, Seat};
use stored::Stored;

/// The filter that a third of a hundred rows pass.
const NEEDLE: &str = "shau";
/// The most memory that it should take, in MB.
const MOST: f64 = 250.0;
/// Idle: within this no timer of the screen is due but by chance, within the second the age of the data is redrawn.
const QUIET: Duration = Duration::from_secs(10);
const MINUTE: Duration = Duration::from_secs(62);

fn main() -> Res<()> {
    if seat::was_empty_program()? {
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    let stored = runtime.block_on(Stored::new())?;
    drop(runtime);
    println!("load average {}", seat::load());

    let mut empty = Seat::empty(&stored)?;
    empty.wait(|screen| screen.contains(seat::READY))?;
    println!("empty program                 PSS {:>7.1} MB", pss(empty.pid())?);
    empty.quit()?;

    let mut seat = Seat::unbid(&stored)?;
    let all = stored::shown();
    seat.wait(|screen| screen.contains(&format!("Negatives  {all}")))?;
    seat.rest(Duration::from_secs(2));
    println!("all rows shown                PSS {:>7.1} MB", pss(seat.pid())?);
    seat.press(&format!("/{NEEDLE}\r"))?;
    seat.wait(|screen| screen.contains(&format!(" of {all}")))?;
    seat.rest(Duration::from_secs(2));
    let filtered = pss(seat.pid())?;
    let texts = stored.texts.len() as f64 / 1e6;
    println!(
        "filtered                      PSS {filtered:>7.1} MB, {:.2} of {MOST} MB; the texts alone {texts:.1} MB",
        filtered / MOST
    );
    println!("peak                          RSS {:>7.1} MB", peak(seat.pid())?);
    for (name, time) in [("idle", QUIET), ("idle over a full minute", MINUTE)] {
        let before = (ticks(seat.pid())?, nanos(seat.pid())?);
        let drawn = seat.rest(time);
        let ticks = ticks(seat.pid())? - before.0;
        // Threads that ended meanwhile were idle ones of the pool.
        let since = |(thread, now): (String, u64)| now - before.1.get(&thread).copied().unwrap_or_default();
        let nanos: u64 = nanos(seat.pid())?.into_iter().map(since).sum();
        println!(
            "{name}, {:.0?}: {ticks} ticks, {:.2} ms of CPU ({:.4} %), {drawn} bytes drawn",
            time,
            nanos as f64 / 1e6,
            nanos as f64 / time.as_nanos() as f64 * 100.0
        );
    }
    println!("after it                      PSS {:>7.1} MB", pss(seat.pid())?);
    seat.quit()
}

fn field(file: &str, name: &str) -> Res<f64> {
    let text = fs::read_to_string(file)?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)).ok_or("no such line")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1_000.0 * 1.024)
}

/// Proportional set size, in MB.
fn pss(pid: u32) -> Res<f64> {
    field(&format!("/proc/{pid}/smaps_rollup"), "Pss:")
}

/// The most that was ever resident, in MB.
fn peak(pid: u32) -> Res<f64> {
    field(&format!("/proc/{pid}/status"), "VmHWM:")
}

/// User and system time, in the kernel's ticks (proc(5), fields 14 and 15 of `stat`).
fn ticks(pid: u32) -> Res<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let after = text.rsplit_once(')').ok_or("no name")?.1;
    Ok(after.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum())
}

/// Time on a processor of each thread, in nanoseconds: finer than ticks.
fn nanos(pid: u32) -> Res<HashMap<String, u64>> {
    let mut threads = HashMap::new();
    for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
        let thread = thread?;
        let text = fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
        if let Some(time) = text.split_whitespace().next().and_then(|field| field.parse().ok()) {
            threads.insert(thread.file_name().to_string_lossy().into_owned(), time);
        }
    }
    Ok(threads)
}

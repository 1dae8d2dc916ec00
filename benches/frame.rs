//! How fast the screen is on a million negatives: first frame, all rows filterable, a query from the last key to its
//! exact count, the longest frame meanwhile. A plain program over the real binary in a pseudo-terminal; each figure
//! beside what it is measured against, in turns. `cargo bench --bench frame`

#[path = "support/seat.rs"]
mod seat;
#[path = "support/stored.rs"]
mod stored;
mod support;

use std::hint::black_box;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;
use memchr::memmem::Finder;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use seat::{COLUMNS, ROWS, Res, Seat, middle};
use stored::Stored;
use unbid::config::Config;
use unbid::domain::catalog::{Cancel, Catalog, Overlay, Query, Scope};
use unbid::domain::clock::Clock;
use unbid::domain::filter::Filter;
use unbid::engine::{Engine, Member, Parts, Settings, SystemTime};
use unbid::platform::{self, http::Http};
use unbid::runtime::terminal::Screen;
use unbid::runtime::{self, App, Look, Shell};
use unbid::store::Store;

/// No row, some, many, and the worst key.
const NEEDLES: [&str; 5] = ["qqqq", "shau", "free", "sh", "s"];
const ROUNDS: usize = 15;

fn main() -> Res<()> {
    if seat::was_empty_program()? {
        return Ok(());
    }
    let runtime = runtime::threads()?;
    let stored = runtime.block_on(Stored::new())?;
    println!("load average {}", seat::load());
    let store = Store::open(&stored.data)?;
    let catalog = runtime.block_on(store.load_catalog(&stored.accounts))?;
    drop(store);
    first_frame(&stored, &catalog)?;
    filterable(&stored, &catalog)?;
    queries(&stored, &catalog)?;
    drop(catalog);
    runtime.block_on(frames(&stored))?;
    println!("load average {}", seat::load());
    Ok(())
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// From the start of the process to the frame that shows stored rows.
fn first_frame(stored: &Stored, catalog: &Catalog) -> Res<()> {
    let rows: Vec<String> = catalog
        .negatives_in(Scope::All)
        .take(20)
        .map(|ix| catalog.negative(ix).to_negative().text.shown().to_string())
        .collect();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let mut seat = Seat::empty(stored)?;
        theirs.push(seat.wait(|screen| screen.contains(seat::READY))? - seat.started);
        seat.quit()?;
        let mut seat = Seat::unbid(stored)?;
        // Most of the first rows: a screen without the data has none of them.
        let data = |screen: &str| rows.iter().filter(|row| screen.contains(row.as_str())).count() > 10;
        ours.push(seat.wait(data)? - seat.started);
        seat.quit()?;
    }
    let ((ours, worst), (theirs, slow)) = (middle(ours), middle(theirs));
    println!(
        "first frame with data         {:>7.2} ms (worst {:.2}), an empty program {:.2} ms (worst {:.2}): {:.2} times",
        ms(ours),
        ms(worst),
        ms(theirs),
        ms(slow),
        ours.as_secs_f64() / theirs.as_secs_f64()
    );
    Ok(())
}

/// What the chip says of a filter's result.
fn chip(catalog: &Catalog, filter: &str) -> String {
    let account = catalog.negatives_in(Scope::All).next().map(|ix| catalog.negative(ix).account_ix());
    let scope = account.map_or(Scope::All, Scope::Account);
    let query = Query { scope, filter: Filter::parse(filter), ..Query::default() };
    let rows = catalog.query(&query, &Overlay::default(), None, &Cancel::default());
    let mut digits = rows.map_or(0, |rows| rows.len()).to_string();
    let mut at = digits.len();
    while at > 3 {
        at -= 3;
        digits.insert(at, ',');
    }
    format!("  {digits} of {}", stored::shown())
}

/// From the start to the exact count of a filter that is typed blindly: everything is loaded then.
fn filterable(stored: &Stored, catalog: &Catalog) -> Res<()> {
    let chip = chip(catalog, "shau");
    let (mut rows, mut counts) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let mut seat = Seat::unbid(stored)?;
        rows.push(
            seat.wait(|screen| screen.contains(&format!("Negatives  {}", stored::shown())))? - seat.started,
        );
        seat.quit()?;
        let mut seat = Seat::unbid(stored)?;
        seat.wait(|screen| screen.contains("Negatives"))?;
        seat.press("/shau")?;
        counts.push(seat.wait(|screen| screen.contains(&chip))? - seat.started);
        seat.quit()?;
    }
    for (name, times) in [("all rows there", rows), ("a filter typed at once", counts)] {
        let (time, worst) = middle(times);
        println!(
            "{name:<29} {:>7.1} ms (worst {:.1}): {:.2} of 300 ms",
            ms(time),
            ms(worst),
            time.as_secs_f64() / 0.3
        );
    }
    Ok(())
}

/// From the keys to the exact count on the screen, against one pass over the same texts.
fn queries(stored: &Stored, catalog: &Catalog) -> Res<()> {
    let mut seat = Seat::unbid(stored)?;
    let all = format!("Negatives  {} ", stored::shown());
    seat.wait(|screen| screen.contains(&all))?;
    for needle in NEEDLES {
        let chip = chip(catalog, needle);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let typed = seat.press(&format!("/{needle}"))?;
            ours.push(seat.wait(|screen| screen.contains(&chip))? - typed);
            seat.press("\x1b")?;
            seat.wait(|screen| screen.contains(&all))?;
            let start = Instant::now();
            black_box(Finder::new(needle).find_iter(stored.texts.as_bytes()).count());
            theirs.push(start.elapsed());
        }
        let ((ours, worst), (theirs, _)) = (middle(ours), middle(theirs));
        println!(
            "query {needle:<5} {:<18} {:>7.2} ms (worst {:.2}), one memmem pass {:.2} ms: {:.2} times",
            chip.trim(),
            ms(ours),
            ms(worst),
            ms(theirs),
            ours.as_secs_f64() / theirs.as_secs_f64()
        );
    }
    seat.quit()
}

/// A screen in memory.
struct InMemory(Terminal<TestBackend>);

impl Screen for InMemory {
    type Backend = TestBackend;

    fn terminal(&mut self) -> &mut Terminal<TestBackend> {
        &mut self.0
    }

    fn set_mouse(&mut self, _on: bool) -> io::Result<()> {
        Ok(())
    }

    fn copy(&mut self, _text: &str) -> io::Result<()> {
        Ok(())
    }
}

/// What a turn of the loop took, and how much of that the thread had a core.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    took: Duration,
    worked: Duration,
}

impl Turn {
    fn of(work: impl FnOnce() -> io::Result<()>) -> io::Result<Self> {
        let (begun, own) = (Instant::now(), own_time());
        work()?;
        Ok(Self { took: begun.elapsed(), worked: own_time().saturating_sub(own) })
    }
}

/// How long this thread has had a core.
fn own_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

/// The longest turn of the loop (take what came, update, draw) from the start to the last result, key by key.
async fn frames(stored: &Stored) -> Res<()> {
    let http = Http::over_network(Arc::new(Timestamp::now));
    let config = Config::load(&stored.config, true)?;
    let members = config
        .accounts
        .iter()
        .map(|account| Ok(Member::connected(platform::connect(account, &http)?)))
        .collect::<Res<Vec<_>>>()?;
    let settings = Settings { settle: config.apply.settle, max_age: config.sync.max_age, read_only: false };
    let store = Store::open(&stored.data)?;
    let parts = Parts { store, members, settings, time: Arc::new(SystemTime), who: "bench".into() };
    let engine = Engine::open(parts).await?;
    let start = runtime::start(&engine, &config, Look { no_color: false })?;
    let (shell, inbox) = Shell::new(engine, http);
    let born = Instant::now();
    let clock = Box::new(move || Clock { wall: Timestamp::now(), monotonic: born.elapsed() });
    let screen = InMemory(Terminal::new(TestBackend::new(COLUMNS, ROWS))?);
    let mut app = App::new(screen, shell, inbox, clock)?;

    let mut turns = Vec::new();
    turns.push(Turn::of(|| app.feed(start).and_then(|()| app.settle()))?);
    until(&mut app, &mut turns, &format!("Negatives  {} ", stored::shown())).await?;
    report("loading", &mut turns);
    for needle in NEEDLES {
        for key in std::iter::once('/').chain(needle.chars()).map(KeyCode::Char) {
            press(&mut app, &mut turns, key)?;
        }
        until(&mut app, &mut turns, &format!(" of {}", stored::shown())).await?;
        press(&mut app, &mut turns, KeyCode::Enter)?;
        for _ in 0..20 {
            press(&mut app, &mut turns, KeyCode::PageDown)?;
        }
        press(&mut app, &mut turns, KeyCode::End)?;
        press(&mut app, &mut turns, KeyCode::Esc)?;
        until(&mut app, &mut turns, &format!("Negatives  {} ", stored::shown())).await?;
        report(needle, &mut turns);
    }
    Ok(())
}

fn press(app: &mut App<InMemory>, turns: &mut Vec<Turn>, key: KeyCode) -> Res<()> {
    let key = Event::Key(KeyEvent::new(key, KeyModifiers::NONE));
    turns.push(Turn::of(|| app.event(key).and_then(|()| app.settle()))?);
    Ok(())
}

/// Turns the loop until the screen says this.
async fn until(app: &mut App<InMemory>, turns: &mut Vec<Turn>, text: &str) -> Res<()> {
    let limit = Instant::now() + Duration::from_mins(1);
    while Instant::now() < limit {
        turns.push(Turn::of(|| app.settle())?);
        let buffer = app.screen().0.backend().buffer();
        let shown: String = buffer.content().iter().map(ratatui::buffer::Cell::symbol).collect();
        if shown.contains(text) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Err(format!("{text:?} does not come").into())
}

fn report(name: &str, turns: &mut Vec<Turn>) {
    turns.sort_unstable();
    let at = |part: usize| turns.get(turns.len() * part / 100).copied().unwrap_or_default();
    let worst = turns.last().copied().unwrap_or_default();
    let worked = turns.iter().map(|turn| turn.worked).max().unwrap_or_default();
    println!(
        "longest frame, {name:<14} {:>7.2} ms (99 in 100 below {:.2}, half below {:.2}, of {}): {:.2} of 5 ms; of \
         work alone {:.2} ms",
        ms(worst.took),
        ms(at(99).took),
        ms(at(50).took),
        turns.len(),
        worst.took.as_secs_f64() / 0.005,
        ms(worked)
    );
    turns.clear();
}

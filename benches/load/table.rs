//! What a person reads.

use std::time::Duration;

use super::measured::{Cell, Measured, count};

/// Prints all figures of one server.
pub(crate) fn print(measured: &Measured) {
    println!("\n{}", measured.name);
    if let Some(time) = measured.first_answer {
        println!("  first answer after   {:>9.1} ms", millis(time));
    }
    for (what, bytes) in [
        ("resident when idle", measured.idle_bytes),
        ("resident at the end", measured.after_bytes),
    ] {
        if let Some(bytes) = bytes {
            println!("  {what:<20} {:>9.1} MB", count(bytes) / 1e6);
        }
    }
    if let Some(bytes) = measured.user_bytes {
        println!(
            "  memory for each user {bytes:>9} bytes ({} users)",
            measured.users
        );
    }
    println!(
        "\n   users  load           at once  per second   p50 ms   p99 ms  CPU us each  failed"
    );
    for cell in &measured.cells {
        let sample = &cell.sample;
        let cpu = sample
            .cpu_each()
            .map(|time| format!("{:.1}", millis(time) * 1e3));
        println!(
            "  {:>6}  {:<13}  {:>7}  {:>10.0}  {:>7.2}  {:>7.2}  {:>11}  {:>6}",
            cell.stored.1,
            cell.load,
            cell.at_once,
            sample.per_second(),
            millis(sample.at(0.5)),
            millis(sample.at(0.99)),
            cpu.unwrap_or_else(|| "-".to_owned()),
            sample.failures.len(),
        );
        if let Some(failure) = sample.failures.first() {
            println!("          the first that failed: {failure}");
        }
    }
}

/// Prints how many times as much per second the last one does as each of the others.
pub(crate) fn compare(ours: &Measured, peers: &[Measured]) {
    println!(
        "\nper second, and how many times as many {} does\n",
        ours.name
    );
    print!("   users  load           at once  {:>9}", ours.name);
    for peer in peers {
        print!("  {:>9}         ", peer.name);
    }
    println!();
    for cell in &ours.cells {
        print!(
            "  {:>6}  {:<13}  {:>7}  {:>9.0}",
            cell.stored.0,
            cell.load,
            cell.at_once,
            cell.sample.per_second()
        );
        for peer in peers {
            let same = |other: &&Cell| {
                (other.load, other.at_once, other.stored.0)
                    == (cell.load, cell.at_once, cell.stored.0)
            };
            let rate = peer
                .cells
                .iter()
                .find(same)
                .map(|other| other.sample.per_second());
            match rate {
                Some(rate) if rate > 0.0 => {
                    print!("  {rate:>9.0} {:>7.1}x", cell.sample.per_second() / rate);
                }
                _ => print!("  {:>9} {:>8}", "-", "-"),
            }
        }
        println!();
    }
    let line = |what: &str, figure: &dyn Fn(&Measured) -> Option<f64>| {
        print!("  {what:<30}  {:>9}", shown(figure(ours)));
        for peer in peers {
            print!("  {:>9} {:>8}", shown(figure(peer)), "");
        }
        println!();
    };
    println!();
    line("first answer after, ms", &|one| {
        one.first_answer.map(millis)
    });
    line("resident when idle, MB", &|one| {
        one.idle_bytes.map(|bytes| count(bytes) / 1e6)
    });
    line("resident at the end, MB", &|one| {
        one.after_bytes.map(|bytes| count(bytes) / 1e6)
    });
    line("memory for each user, bytes", &|one| {
        one.user_bytes.map(count)
    });
}

fn shown(figure: Option<f64>) -> String {
    match figure {
        Some(figure) if figure < 1_000.0 => format!("{figure:.1}"),
        Some(figure) => format!("{figure:.0}"),
        None => "-".to_owned(),
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

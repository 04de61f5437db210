//! A whole and its parts, drawn.

/// Where the part of each count begins in a drawing, and its length, in percent.
///
/// What occurs at all has `least` percent at least, which the largest part gives up: one failure among
/// a thousand must be seen.
#[expect(clippy::cast_precision_loss, reason = "scenarios of a run are few")]
pub(crate) fn parts<const N: usize>(counts: [usize; N], least: f64) -> [(f64, f64); N] {
    let all: usize = counts.iter().sum();
    let mut lengths = counts.map(|count| match count {
        0 => 0.0,
        _ => (count as f64 / all as f64 * 1e2).max(least),
    });
    let surplus = lengths.iter().sum::<f64>() - 1e2;
    if let Some(largest) = lengths.iter_mut().max_by(|one, other| one.total_cmp(other))
        && surplus > 0.0
    {
        *largest -= surplus;
    }
    let mut end = 0.0;
    lengths.map(|length| {
        let begin = end;
        end += length;
        (begin, length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_occurs_at_all_is_seen_in_a_drawing() {
        let cases = [
            ([0, 0, 0], [(0.0, 0.0), (0.0, 0.0), (0.0, 0.0)]),
            ([1, 0, 3], [(0.0, 25.0), (25.0, 0.0), (25.0, 75.0)]),
            ([1, 0, 999], [(0.0, 6.0), (6.0, 0.0), (6.0, 94.0)]),
            ([0, 999, 1], [(0.0, 0.0), (0.0, 94.0), (94.0, 6.0)]),
        ];
        for (counts, drawn) in cases {
            let rounded = |number: f64| (number * 1e6).round() / 1e6;
            let found = parts(counts, 6.0).map(|(begin, length)| (rounded(begin), rounded(length)));
            assert_eq!(found, drawn, "{counts:?}");
        }
    }
}

//! The shipped scenarios, run by `cargo test`.

fn main() {}

//! Queries from text to rows.

mod cases;
mod mistakes;
mod world;

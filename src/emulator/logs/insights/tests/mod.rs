//! Queries from text to rows.

mod cases;
mod evidence;
mod mistakes;
mod samples;
mod world;

//! Any bytes as a mail: reading them neither fails nor takes long.
#![no_main]

mod read;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| read::read(bytes));

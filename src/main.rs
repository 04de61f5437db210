//! The `reverify` command.
fn main() -> std::process::ExitCode {
    reverify::cli::main()
}

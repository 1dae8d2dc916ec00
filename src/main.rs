//! Arguments -> command -> exit code. Everything else lives in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    unbid::cli::main()
}

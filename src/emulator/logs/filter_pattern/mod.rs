//! Filter patterns of `FilterLogEvents`:
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html>.
//!
//! | pattern | file |
//! | --- | --- |
//! | `ERROR "disk full" -debug`, `?ERROR ?WARN`, `%regex%` | `terms` |
//! | `{ $.a.b = "x" && $.n > 3 }` | `json` |
//! | `[ip, user, ..., status = 4*, bytes > 1000]` | `columns` |

mod columns;
mod condition;
mod json;
mod operand;
mod pattern;
mod scanner;
mod terms;

pub(super) use pattern::{FilterPattern, InvalidPattern};

//! What steps are about, in the order in which a person reads of it.

/// What a step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// The pool and its app clients.
    Pool,
    /// People and their addresses.
    Users,
    /// Sign-up, confirmation, another code, deletion.
    SignUp,
    /// Mails that come or do not.
    Mails,
    /// What mails of the pool say.
    Messages,
    /// Sign-in and tokens.
    SignIn,
    /// Passwords and their rules.
    Passwords,
    /// Users whom an administrator creates.
    Invitations,
    /// Attributes and aliases.
    Attributes,
    /// Users as an administrator sees them.
    Administration,
    /// The second factor.
    SecondFactor,
    /// Functions behind triggers.
    Functions,
    /// The AWS account around the pool, and its SES.
    Account,
    /// What goes wrong on purpose.
    Faults,
    /// Time that passes.
    Clock,
    /// Why a mail did not come.
    Diagnosis,
}

impl Topic {
    /// All of them, in their order.
    pub const ALL: [Self; 16] = [
        Self::Pool,
        Self::Users,
        Self::SignUp,
        Self::Mails,
        Self::Messages,
        Self::SignIn,
        Self::Passwords,
        Self::Invitations,
        Self::Attributes,
        Self::Administration,
        Self::SecondFactor,
        Self::Functions,
        Self::Account,
        Self::Faults,
        Self::Clock,
        Self::Diagnosis,
    ];

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Pool => "The pool and its app clients",
            Self::Users => "Users and their addresses",
            Self::SignUp => "Sign-up, confirmation, deletion",
            Self::Mails => "Mails",
            Self::Messages => "What the pool's messages say",
            Self::SignIn => "Sign-in and tokens",
            Self::Passwords => "Passwords",
            Self::Invitations => "Users whom an administrator creates",
            Self::Attributes => "Attributes and aliases",
            Self::Administration => "Disabling, enabling and finding users",
            Self::SecondFactor => "The second factor",
            Self::Functions => "Functions behind triggers",
            Self::Account => "The AWS account and its SES",
            Self::Faults => "What goes wrong on purpose",
            Self::Clock => "Time",
            Self::Diagnosis => "The diagnosis",
        }
    }

    /// What the steps of a module are about, unless a row of the table says otherwise.
    pub(super) fn of_module(function: &str) -> Option<Self> {
        Some(match function.split("::").next()? {
            "pools" | "settings" => Self::Pool,
            "blocks" | "people" => Self::Users,
            "codes" | "confirm" | "delete" | "links" | "rounds" | "sign_up" | "state"
            | "unusual_sign_ups" => Self::SignUp,
            "mail_checks" | "mails" => Self::Mails,
            "sign_in" | "tokens" => Self::SignIn,
            "passwords" => Self::Passwords,
            "invitations" | "invited_users" => Self::Invitations,
            "aliases" | "user_attributes" => Self::Attributes,
            "user_management" => Self::Administration,
            "second_factor" => Self::SecondFactor,
            "function_calls" | "function_rules" | "functions" => Self::Functions,
            "account" | "own_ses" => Self::Account,
            "disturbances" | "mail_faults" => Self::Faults,
            "complaint" | "why" => Self::Diagnosis,
            _ => return None,
        })
    }
}

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

    /// The topic of a step by its function; a test sees to it that there is one.
    pub(super) fn of(function: &str) -> Self {
        Self::of_function(function)
            .or_else(|| Self::of_module(function))
            .unwrap_or(Self::Pool)
    }

    /// Functions that are about something else than the rest of their module.
    fn of_function(function: &str) -> Option<Self> {
        Some(match function {
            "aliases::preferred_usernames"
            | "user_attributes::pool_requires"
            | "user_attributes::pool_with_custom"
            | "user_attributes::pool_with_immutable" => Self::Pool,
            "aliases::same_address"
            | "user_attributes::new_user_with"
            | "user_attributes::gives" => Self::Users,
            "aliases::confirms_taking"
            | "disturbances::somebody_confirms"
            | "disturbances::tries_to_delete"
            | "disturbances::deletes_in_other_pool" => Self::SignUp,
            "blocks::mail_says"
            | "settings::answers_go_to"
            | "settings::cognitos_address"
            | "settings::cognitos_text"
            | "settings::invites_with"
            | "settings::mails_have_subject"
            | "settings::mails_say" => Self::Messages,
            "codes::changes_address" => Self::Attributes,
            "codes::forgets_password"
            | "codes::tries_forgotten"
            | "user_management::no_symbols"
            | "user_management::password_length"
            | "user_management::recovery_by_administrators"
            | "user_management::recovery_by_mail"
            | "user_management::temporary_days"
            | "user_management::usual_passwords" => Self::Passwords,
            "disturbances::hours_pass" | "mail_faults::seconds_pass" => Self::Clock,
            "state::can_sign_in" => Self::SignIn,
            _ => return None,
        })
    }

    /// What the functions of a module are about.
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

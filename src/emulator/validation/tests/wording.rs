//! Tables of requests and the texts that refuse them: operation, body, text, by ` | `.

use super::violations;

/// The columns of each row; `<n>` in a body stands for n letters, a line of `//` is a comment.
fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, String, &'static str)> {
    let lines = table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.map(|line| {
        let columns: Vec<_> = line.splitn(3, " | ").collect();
        (columns[0], expanded(columns[1]), columns[2])
    })
}

fn expanded(body: &str) -> String {
    let letters = regex::Regex::new(r"<(\d+)>").unwrap();
    letters
        .replace_all(body, |n: &regex::Captures<'_>| {
            "x".repeat(n[1].parse().unwrap())
        })
        .into()
}

/// The texts of COGNITO.md 1.5 and those that clients of the real service recorded.
const RECORDED: &str = r#"
// COGNITO.md 1.5 [C S20]
SignUp | {"Username":"a"} | 1 validation error detected: Value null at 'clientId' failed to satisfy constraint: Member must not be null
// COGNITO.md 1.5 [R S19]: sensitive, so not echoed
SignUp | {"ClientId":"a","Username":"a b"} | 1 validation error detected: Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+
// COGNITO.md 1.5: the pattern first, then the length
ForgotPassword | {"ClientId":"a","Username":""} | 2 validation errors detected: Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+; Value at 'username' failed to satisfy constraint: Member must have length greater than or equal to 1
ConfirmForgotPassword | {"ClientId":"","Username":"a","Password":"b","ConfirmationCode":"c"} | 2 validation errors detected: Value at 'clientId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+]+; Value at 'clientId' failed to satisfy constraint: Member must have length greater than or equal to 1
// Members come by name, and what is not sensitive is echoed
ConfirmForgotPassword | {"ClientId":"a","Password":"a b","Username":"a","ConfirmationCode":""} | 3 validation errors detected: Value '' at 'confirmationCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [\S]+; Value '' at 'confirmationCode' failed to satisfy constraint: Member must have length greater than or equal to 1; Value at 'password' failed to satisfy constraint: Member must satisfy regular expression pattern: [\S]+
// aws-amplify/amplify-js#6460
ConfirmSignUp | {"ClientId":"a","Username":"b"} | 1 validation error detected: Value null at 'confirmationCode' failed to satisfy constraint: Member must not be null
// Sensitive members hide that they are null, unlike 'clientId'
AdminAddUserToGroup | {"UserPoolId":"us-east-1_AbC"} | 2 validation errors detected: Value null at 'groupName' failed to satisfy constraint: Member must not be null; Value at 'username' failed to satisfy constraint: Member must not be null
GetUser | {} | 1 validation error detected: Value at 'accessToken' failed to satisfy constraint: Member must not be null
GetUser | {"AccessToken":""} | 1 validation error detected: Value at 'accessToken' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9-_=.]+
SignUp | {"ClientId":"a","Username":"<129>"} | 1 validation error detected: Value at 'username' failed to satisfy constraint: Member must have length less than or equal to 128
AdminConfirmSignUp | {"UserPoolId":"my-pool","Username":"a"} | 1 validation error detected: Value 'my-pool' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w-]+_[0-9a-zA-Z]+
// Values of a set are bare and in the order of a Java set
CreateUserPool | {"PoolName":"a","MfaConfiguration":"false"} | 1 validation error detected: Value 'false' at 'mfaConfiguration' failed to satisfy constraint: Member must satisfy enum value set: [OPTIONAL, OFF, ON]
AdminCreateUser | {"UserPoolId":"r_a","Username":"a","MessageAction":"SURPRESS"} | 1 validation error detected: Value 'SURPRESS' at 'messageAction' failed to satisfy constraint: Member must satisfy enum value set: [SUPPRESS, RESEND]
// Members of structures in lists, aws/aws-cdk#14175
CreateUserPool | {"PoolName":"a","Schema":[{"Name":"ok"},{"Name":"phone_number_verified"}]} | 1 validation error detected: Value 'phone_number_verified' at 'schema.2.member.name' failed to satisfy constraint: Member must have length less than or equal to 20
UpdateUserAttributes | {"AccessToken":"a","UserAttributes":[{"Value":"b"}]} | 1 validation error detected: Value null at 'userAttributes.1.member.name' failed to satisfy constraint: Member must not be null
// A list of plain values is reported once, aws/aws-cli#2894
UpdateUserPoolClient | {"UserPoolId":"r_a","ClientId":"a","CallbackURLs":["<","a b"]} | 1 validation error detected: Value '[<, a b]' at 'callbackURLs' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+]
"#;

/// Texts that no source settles; each follows its nearest neighbour.
const GUESSED: &str = r#"
// Maps, as other services word them
CreateUserPool | {"PoolName":"p","UserPoolTags":{"team":"x","":"y"}} | 1 validation error detected: Value '{team=x, =y}' at 'userPoolTags' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1]
CreateUserPool | {"PoolName":"p","UserPoolTags":{"team":"<257>"}} | length less than or equal to 256, Member must have length greater than or equal to 0]
CreateTerms | {"ClientId":"c","UserPoolId":"r_a","TermsName":"terms-of-use","TermsSource":"LINK","Enforcement":"NONE","Links":{"cognito:default":"a b"}} | 1 validation error detected: Value '{cognito:default=a b}' at 'links' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: ^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$]
// Lists of structures are not echoed, a null in a list names its place
CreateUserPool | {"PoolName":"p","Schema":[]} | 1 validation error detected: Value at 'schema' failed to satisfy constraint: Member must have length greater than or equal to 1
SignUp | {"ClientId":"c","Username":"u","UserAttributes":[null]} | 1 validation error detected: Value null at 'userAttributes.1.member' failed to satisfy constraint: Member must not be null
ListUsers | {"UserPoolId":"r_a","Limit":61} | 1 validation error detected: Value '61' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 60
// Bytes count decoded and are not echoed
SetUICustomization | {"UserPoolId":"r_a","ImageFile":"<174764>"} | 1 validation error detected: Value at 'imageFile' failed to satisfy constraint: Member must have length less than or equal to 131072
"#;

/// The shapes of COGNITO.md 1.5, each just outside each of its limits, and a part of the text.
const LIMITS: &str = r#"
SignUp | {"ClientId":"c","Username":"u","Password":"<257>"} | length less than or equal to 256
SignUp | {"ClientId":"c","Username":"u","Password":"a b"} | pattern: [\S]+
SignUp | {"ClientId":"c","Username":"u","SecretHash":"<129>"} | length less than or equal to 128
SignUp | {"ClientId":"c","Username":"u","SecretHash":"a-b"} | pattern: [\w+=/]+
SignUp | {"ClientId":"<129>","Username":"u"} | length less than or equal to 128
SignUp | {"ClientId":"a-b","Username":"u"} | pattern: [\w+]+
AdminGetUser | {"UserPoolId":"r_<54>","Username":"u"} | length less than or equal to 55
ConfirmSignUp | {"ClientId":"c","Username":"u","ConfirmationCode":"<2049>"} | length less than or equal to 2048
InitiateAuth | {"ClientId":"c","AuthFlow":"USER_AUTH","Session":"<19>"} | length greater than or equal to 20
// 2048 in COGNITO.md, 4096 in the model of today
InitiateAuth | {"ClientId":"c","AuthFlow":"USER_AUTH","Session":"<4097>"} | length less than or equal to 4096
GetUser | {"AccessToken":"a/b"} | pattern: [A-Za-z0-9-_=.]+
VerifyUserAttribute | {"AccessToken":"a","Code":"1","AttributeName":"<33>"} | length less than or equal to 32
SignUp | {"ClientId":"c","Username":"u","UserAttributes":[{"Name":"n","Value":"<2049>"}]} | length less than or equal to 2048
AddCustomAttributes | {"UserPoolId":"r_a","CustomAttributes":[{"Name":"a b"}]} | pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+
VerifySoftwareToken | {"UserCode":"12345"} | length greater than or equal to 6
VerifySoftwareToken | {"UserCode":"1234567"} | length less than or equal to 6
VerifySoftwareToken | {"UserCode":"12345a"} | pattern: [0-9]+
ListUsers | {"UserPoolId":"r_a","Limit":-1} | value greater than or equal to 0
ListUsers | {"UserPoolId":"r_a","Filter":"<257>"} | length less than or equal to 256
ListUsers | {"UserPoolId":"r_a","PaginationToken":""} | length greater than or equal to 1
ListUsers | {"UserPoolId":"r_a","PaginationToken":"a b"} | pattern: [\S]+
CreateUserPool | {"PoolName":"p","EmailVerificationMessage":"no placeholder"} | \{####\}
CreateUserPool | {"PoolName":"p","EmailVerificationMessage":"{###}"} | length greater than or equal to 6
CreateUserPool | {"PoolName":"p","EmailVerificationMessage":"{####}<19995>"} | length less than or equal to 20000
CreateUserPool | {"PoolName":"p","EmailVerificationSubject":"<141>"} | length less than or equal to 140
CreateUserPool | {"PoolName":"p","EmailVerificationSubject":""} | length greater than or equal to 1
CreateUserPool | {"PoolName":"p","VerificationMessageTemplate":{"EmailMessageByLink":"click here"}} | \{##[
CreateUserPool | {"PoolName":"p","VerificationMessageTemplate":{"EmailSubjectByLink":"<141>"}} | length less than or equal to 140
CreateUserPool | {"PoolName":"p","SmsVerificationMessage":"no code"} | pattern: .*\{####\}.*
CreateUserPool | {"PoolName":"p","SmsVerificationMessage":"{####}<135>"} | length less than or equal to 140
CreateUserPool | {"PoolName":"p","AdminCreateUserConfig":{"InviteMessageTemplate":{"EmailMessage":"short"}}} | length greater than or equal to 6
CreateUserPool | {"PoolName":"p","Policies":{"PasswordPolicy":{"MinimumLength":5}}} | value greater than or equal to 6
CreateUserPool | {"PoolName":"p","Policies":{"PasswordPolicy":{"MinimumLength":100}}} | value less than or equal to 99
CreateUserPool | {"PoolName":"p","Policies":{"PasswordPolicy":{"TemporaryPasswordValidityDays":366}}} | 'policies.passwordPolicy.temporaryPasswordValidityDays' failed to satisfy constraint: Member must have value less than or equal to 365
CreateUserPoolClient | {"UserPoolId":"r_a","ClientName":"c","AuthSessionValidity":2} | value greater than or equal to 3
CreateUserPoolClient | {"UserPoolId":"r_a","ClientName":"c","AuthSessionValidity":16} | value less than or equal to 15
"#;

#[test]
fn recorded_texts() {
    for (target, body, text) in rows(RECORDED) {
        assert_eq!(violations(target, &body), text, "{target} {body}");
    }
}

#[test]
fn guessed_texts() {
    for (target, body, text) in rows(GUESSED) {
        let refusal = violations(target, &body);
        assert!(
            refusal.ends_with(text),
            "{target} {}: {refusal}",
            &body[..body.len().min(200)]
        );
    }
}

#[test]
fn limits_of_the_documented_shapes() {
    for (target, body, text) in rows(LIMITS) {
        let refusal = violations(target, &body);
        assert!(refusal.contains(text), "{target}: {refusal} lacks {text}");
    }
}

#[test]
fn lists_have_a_shortest_and_a_longest_length() {
    let attributes = |n: usize| vec![r#"{"Name":"a"}"#; n].join(",");
    let schema = |n| format!(r#"{{"PoolName":"p","Schema":[{}]}}"#, attributes(n));
    assert!(violations("CreateUserPool", &schema(51)).ends_with("less than or equal to 50"));
    let more = format!(
        r#"{{"UserPoolId":"r_a","CustomAttributes":[{}]}}"#,
        attributes(26)
    );
    assert!(violations("AddCustomAttributes", &more).ends_with("less than or equal to 25"));
    assert_eq!(super::refusal("CreateUserPool", &schema(50)), None);
}

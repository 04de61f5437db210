//! Templates and what they give, and what is refused.

use super::{Pattern, RenderingData, RenderingError};

const DATA: &str = r#"{
    "name": "Ada <a>", "n": 7, "zero": 0, "none": null, "no": false, "empty": "",
    "at": {"city": "K\u00f6ln", "a b": 1}, "l": [1, 2], "nobody": [],
    "orders": [{"item": "Tea", "tags": ["hot", "dry"]}, {"item": "Cup", "tags": []}]
}"#;

fn render(text: &str) -> Result<String, RenderingError> {
    let data = RenderingData::read(DATA).unwrap();
    Pattern::parse(text)
        .unwrap_or_else(|refused| panic!("{text}: {refused}"))
        .render(&data)
}

#[track_caller]
fn gives(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(render(text).as_deref(), Ok(*expected), "{text}");
    }
}

#[test]
fn attributes_are_put_in_as_they_are() {
    gives(&[
        ("", ""),
        ("no places }} {", "no places }} {"),
        ("Dear {{name}}, {{ n }}{{none}}!", "Dear Ada <a>, 7!"),
        (
            "{{{name}}} {{&name}} in {{at.city}}",
            "Ada <a> Ada <a> in Köln",
        ),
        (
            "{{at/city}} {{at.[a b]}} {{l.1}} {{l.length}}",
            "Köln 1 2 2",
        ),
        ("{{@root.n}} {{this.n}} {{./n}}", "7 7 7"),
        ("{{! a remark }}{{!-- {{no}} --}}{{l}}", "[1,2]"),
        (r"\{{name}} {{n}}", "{{name}} 7"),
        (" a {{~n~}} b ", " a7b "),
    ]);
}

#[test]
fn a_missing_attribute_is_named() {
    for (text, name) in [
        ("{{Name}}", "Name"),
        ("{{name}} {{at.street}}", "at.street"),
        ("{{n.of}}", "n.of"),
        ("{{l.2}}", "l.2"),
        ("{{../name}}", "../name"),
        ("{{@index}}", "@index"),
        ("{{elsewhere}}", "elsewhere"),
        ("{{#if other}}{{else}}{{other}}{{/if}}", "other"),
        ("{{#each orders}}{{name}}{{/each}}", "name"),
        ("{{#* inline \"p\"}}x{{/inline}}{{> p other}}", "other"),
    ] {
        let missing = RenderingError::Missing(name.to_owned());
        assert_eq!(render(text), Err(missing), "{text}");
    }
    for text in ["", "[]", "{", "7"] {
        assert!(RenderingData::read(text).is_err(), "{text}");
    }
}

#[test]
fn conditions_choose() {
    gives(&[
        ("{{#if name}}yes{{/if}}", "yes"),
        ("{{#if at}}{{at.city}}{{else}}no{{/if}}", "Köln"),
        ("{{#if other}}yes{{else}}no{{/if}}", "no"),
        ("{{#if at.street}}yes{{^}}no{{/if}}", "no"),
        ("{{#unless other}}yes{{else}}no{{/unless}}", "yes"),
        (
            "{{#if zero}}0{{else if no}}1{{else if n}}2{{else}}3{{/if}}.",
            "2.",
        ),
        ("{{#if zero}}0{{else if no}}1{{else}}3{{/if}}.", "3."),
        (
            "{{#if empty}}1{{/if}}{{#if none}}2{{/if}}{{#if nobody}}3{{/if}}",
            "",
        ),
        ("{{#if l}}{{#unless no}}{{n}}{{/unless}}{{/if}}", "7"),
        ("{{#if name}}\n  {{~n~}}\n{{/if}}", "7"),
        ("{{#with at}}{{city}}{{../n}}{{else}}no{{/with}}", "Köln7"),
        ("{{#with other}}x{{else}}{{n}}{{/with}}", "7"),
    ]);
}

#[test]
fn lists_are_gone_through() {
    gives(&[
        ("{{#each l}}{{@index}}={{this}};{{/each}}", "0=1;1=2;"),
        (
            "{{#each l}}{{this}}{{#unless @last}}, {{/unless}}{{/each}}",
            "1, 2",
        ),
        (
            "{{#each l}}{{#if @first}}first {{/if}}{{.}}{{/each}}",
            "first 12",
        ),
        (
            "{{#each orders}}{{item}}:{{#each tags}} {{this}} of {{../item}} {{@../index}}{{else}} -{{/each}};{{/each}}",
            "Tea: hot of Tea 0 dry of Tea 0;Cup: -;",
        ),
        (
            "{{#each at}}{{@key}}={{this}} {{/each}}",
            "a b=1 city=Köln ",
        ),
        ("{{#each nobody}}x{{else}}nobody{{/each}}", "nobody"),
        ("{{#each other}}x{{else}}nobody{{/each}}", "nobody"),
        ("{{#each name}}x{{/each}}{{#each l.length}}x{{/each}}", ""),
        ("{{#each l}}{{@root.n}}{{../n}}{{/each}}", "7777"),
    ]);
}

#[test]
fn partials_are_put_in_where_they_are_named() {
    let line = "{{#* inline \"line\"}}<{{item}}>{{/inline}}";
    gives(&[
        (
            &format!("{line}{{{{#each orders}}}}{{{{> line}}}}{{{{/each}}}}"),
            "<Tea><Cup>",
        ),
        (&format!("{{{{> line orders.1}}}}{line}"), "<Cup>"),
        ("{{#*inline 'p'}}{{n}}{{/inline}}{{> 'p'}}{{>p}}", "77"),
    ]);
    let unknown = RenderingError::NoPartial("p".to_owned());
    assert_eq!(render("{{> p}}"), Err(unknown));
}

#[test]
fn a_template_cannot_take_everything() {
    let deep = format!("{}{}", "{{#if n}}".repeat(65), "{{/if}}".repeat(65));
    let refused = Pattern::parse(&deep).unwrap_err();
    assert_eq!(refused.name(), "NotImplementedException");
    let just = format!("{}x{}", "{{#if n}}".repeat(64), "{{/if}}".repeat(64));
    gives(&[(&just, "x")]);

    let list = vec!["1"; 20_000].join(",");
    let data = RenderingData::read(&format!(
        "{{\"l\": [{list}], \"text\": \"{}\"}}",
        "x".repeat(9_999)
    ));
    let data = data.unwrap();
    for text in [
        "{{#* inline \"p\"}}{{> p}}{{/inline}}{{> p}}",
        "{{#* inline \"p\"}}{{> q}}{{/inline}}{{#* inline \"q\"}}{{> p}}{{/inline}}{{> p}}",
        "{{#each l}}{{#each @root.l}}{{/each}}{{/each}}",
        "{{#each l}}{{@root.text}}{{/each}}",
    ] {
        let rendered = Pattern::parse(text).unwrap().render(&data);
        assert!(
            matches!(rendered, Err(RenderingError::TooMuch(_))),
            "{text}"
        );
    }
}

#[test]
fn what_is_not_right_and_what_is_not_here_is_refused() {
    for (text, name) in [
        ("{{name", "BadRequestException"),
        ("{{{name}}", "BadRequestException"),
        ("{{!-- {{name}}", "BadRequestException"),
        ("{{#if name}}x", "BadRequestException"),
        ("{{#if name}}x{{/each}}", "BadRequestException"),
        ("x{{/if}}", "BadRequestException"),
        ("{{else}}", "BadRequestException"),
        ("{{#if a}}{{else}}{{else}}{{/if}}", "BadRequestException"),
        (
            "{{#* inline \"p\"}}{{else}}{{/inline}}",
            "BadRequestException",
        ),
        ("{{#if (eq a b)}}x{{/if}}", "NotImplementedException"),
        ("{{#if 'text'}}x{{/if}}", "NotImplementedException"),
        ("{{#each l as |x|}}x{{/each}}", "NotImplementedException"),
        ("{{#list l}}x{{/list}}", "NotImplementedException"),
        ("{{#l}}x{{/l}}", "NotImplementedException"),
        ("{{lookup l 0}}", "NotImplementedException"),
        ("{{> (dynamic)}}", "NotImplementedException"),
        ("{{> p a=1}}", "NotImplementedException"),
        (
            "{{#if a}}{{#* inline \"p\"}}{{/inline}}{{/if}}",
            "NotImplementedException",
        ),
        ("{{#> layout}}x{{/layout}}", "NotImplementedException"),
        ("{{}}", "NotImplementedException"),
    ] {
        let refused = Pattern::parse(text).unwrap_err();
        assert_eq!(refused.name(), name, "{text}: {refused}");
    }
}

//! Checks a document against a JSON schema: the keywords of draft 7 that the SARIF schema uses. A keyword that this does
//! not know is an error, so that nothing passes unchecked.

use serde_json::Value;

/// What is wrong with a document, each with its place; empty when it fits.
pub fn misfits(schema: &Value, document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, schema, document, "$", &mut found);
    found
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let Some(keywords) = schema.as_object() else { return };
    for (keyword, rule) in keywords {
        match keyword.as_str() {
            "$ref" => {
                let path = rule.as_str().and_then(|path| path.strip_prefix('#')).expect("a reference within");
                check(root, root.pointer(path).expect("a definition"), value, at, found);
            }
            "type" if !is_of(rule.as_str().expect("one type"), value) => {
                found.push(format!("{at}: no {rule}"));
            }
            "enum" if !rule.as_array().expect("a list").contains(value) => {
                found.push(format!("{at}: {value} is none of {rule}"));
            }
            "required" => {
                for name in rule.as_array().expect("a list").iter().filter_map(Value::as_str) {
                    if value.is_object() && value.get(name).is_none() {
                        found.push(format!("{at}: {name} is missing"));
                    }
                }
            }
            "properties" => {
                for (name, rule) in rule.as_object().expect("properties") {
                    if let Some(value) = value.get(name) {
                        check(root, rule, value, &format!("{at}.{name}"), found);
                    }
                }
            }
            "additionalProperties" => {
                let known = schema.get("properties");
                for (name, value) in value.as_object().into_iter().flatten() {
                    if known.is_some_and(|known| known.get(name).is_some()) {
                        continue;
                    }
                    if rule == &Value::Bool(false) {
                        found.push(format!("{at}: {name} is not known"));
                    } else {
                        check(root, rule, value, &format!("{at}.{name}"), found);
                    }
                }
            }
            "items" => {
                for (n, value) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, rule, value, &format!("{at}[{n}]"), found);
                }
            }
            "minItems" if value.as_array().is_some_and(|list| (list.len() as u64) < rule.as_u64().unwrap()) => {
                found.push(format!("{at}: fewer than {rule}"));
            }
            "uniqueItems" => {
                let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
                if list.iter().enumerate().any(|(n, one)| list[..n].contains(one)) {
                    found.push(format!("{at}: something is there twice"));
                }
            }
            "minimum" | "maximum" => {
                let out = value
                    .as_f64()
                    .zip(rule.as_f64())
                    .is_some_and(|(value, end)| if keyword == "minimum" { value < end } else { value > end });
                if out {
                    found.push(format!("{at}: {value} is beyond the {keyword} {rule}"));
                }
            }
            "pattern" => {
                let pattern = regex::Regex::new(rule.as_str().expect("a pattern")).expect("a pattern");
                if value.as_str().is_some_and(|text| !pattern.is_match(text)) {
                    found.push(format!("{at}: {value} is not like {rule}"));
                }
            }
            "anyOf" | "oneOf" => {
                let fitting = rule.as_array().expect("a list").iter().filter(|one| {
                    let mut misfits = Vec::new();
                    check(root, one, value, at, &mut misfits);
                    misfits.is_empty()
                });
                let fitting = fitting.count();
                if fitting == 0 || (keyword == "oneOf" && fitting > 1) {
                    found.push(format!("{at}: fits {fitting} of {keyword}"));
                }
            }
            "type" | "enum" | "minItems" | "$schema" | "$id" | "$comment" | "title" | "description"
            | "default" | "format" | "definitions" => {}
            other => panic!("the keyword {other} is not known here"),
        }
    }
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        other => panic!("the type {other} is not known here"),
    }
}

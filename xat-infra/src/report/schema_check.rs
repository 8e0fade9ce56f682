//! A small checker of JSON against the part of JSON Schema that `plan.schema.json` uses. A keyword that it does
//! not know is a failure, so that nothing in the schema goes unchecked.

use serde_json::Value as Json;

/// Keywords that say nothing of a value's shape.
const REMARKS: &[&str] = &["$schema", "$id", "$defs", "title", "description"];

/// What is wrong with `value`, each with the place in it.
pub(super) fn check(schema: &Json, value: &Json) -> Vec<String> {
    let mut problems = Vec::new();
    walk(schema, schema, value, "$", &mut problems);
    problems
}

fn walk(root: &Json, schema: &Json, value: &Json, at: &str, problems: &mut Vec<String>) {
    let Some(schema) = schema.as_object() else {
        // `true` accepts everything.
        return;
    };
    for (keyword, rule) in schema {
        match keyword.as_str() {
            "$ref" => {
                let name = rule.as_str().unwrap().strip_prefix("#").unwrap();
                walk(root, root.pointer(name).unwrap(), value, at, problems);
            }
            "type" if !has_type(rule, value) => problems.push(format!("{at} is not {rule}")),
            "const" if rule != value => problems.push(format!("{at} is not {rule}")),
            "enum" if !rule.as_array().unwrap().contains(value) => {
                problems.push(format!("{at}: {value}"))
            }
            "pattern" if value.is_string() => {
                pattern(rule.as_str().unwrap(), value.as_str().unwrap(), at, problems)
            }
            "minimum" if value.as_u64() < rule.as_u64() => {
                problems.push(format!("{at} is below {rule}"))
            }
            "type" | "const" | "enum" | "pattern" | "minimum" => {}
            "required" => {
                let missing = rule.as_array().unwrap().iter().filter_map(Json::as_str);
                let missing = missing.filter(|key| value.is_object() && value.get(key).is_none());
                problems.extend(missing.map(|key| format!("{at}.{key} is missing")));
            }
            "properties" => {
                for (key, member) in value.as_object().into_iter().flatten() {
                    match rule.get(key) {
                        Some(rule) => walk(root, rule, member, &format!("{at}.{key}"), problems),
                        None => problems.push(format!("{at}.{key} is not in the schema")),
                    }
                }
                assert_eq!(
                    schema.get("additionalProperties"),
                    Some(&Json::Bool(false)),
                    "{at} is open"
                );
            }
            "additionalProperties" => {
                assert!(schema.contains_key("properties"), "{at} has no properties")
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    walk(root, rule, item, &format!("{at}[{index}]"), problems);
                }
            }
            remark if REMARKS.contains(&remark) => {}
            unknown => panic!("the checker does not know `{unknown}` (at {at})"),
        }
    }
}

fn has_type(rule: &Json, value: &Json) -> bool {
    match rule {
        Json::Array(rules) => rules.iter().any(|rule| has_type(rule, value)),
        rule => match rule.as_str().unwrap() {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_u64(),
            "null" => value.is_null(),
            other => panic!("no type is called `{other}`"),
        },
    }
}

/// The two patterns of the schema, without a regular expression engine.
fn pattern(rule: &str, value: &str, at: &str, problems: &mut Vec<String>) {
    let fits = match rule {
        "^s[1-9][0-9]*$" => {
            value.strip_prefix('s').is_some_and(|n| !n.starts_with('0') && n.parse::<u32>().is_ok())
        }
        "^[a-z]+(-[a-z]+)*$" => {
            value.split('-').all(|w| !w.is_empty() && w.chars().all(|c| c.is_ascii_lowercase()))
        }
        other => panic!("the checker does not know the pattern `{other}`"),
    };
    if !fits {
        problems.push(format!("{at}: {value} does not fit {rule}"));
    }
}

//! Damage to bodies: what is put in the place of what, and which leaves nobody looks at.

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};
use xat_infra::catalog::types;
use xat_infra::schema::{Kind, Property};

/// Any JSON at all, a few levels deep.
pub(crate) fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        ".{0,12}".prop_map(Json::from),
        Just(json!("/subscriptions/s/resourceGroups/g")),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::vec(("(id|type|name|properties|.{0,6})", inner), 0..4)
                .prop_map(|pairs| Json::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A value of another kind than the one that stands there.
pub(crate) fn of_another_kind(old: &Json, pick: u8) -> Json {
    let all =
        [json!(true), json!(-7), json!(0.5), json!("other"), json!([[]]), json!({"x": {"y": 1}})];
    let kind = std::mem::discriminant::<Json>;
    let others: Vec<&Json> = all.iter().filter(|new| kind(new) != kind(old)).collect();
    others[usize::from(pick) % others.len()].clone()
}

/// The paths of all leaves of a body, empty lists and objects among them; `id` and `type` apart.
pub(crate) fn leaves(json: &Json, at: &str, out: &mut Vec<String>) {
    let inner: Vec<(String, &Json)> = match json {
        Json::Object(map) => map
            .iter()
            .map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value))
            .collect(),
        Json::Array(items) => {
            items.iter().enumerate().map(|(i, value)| (i.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    if inner.is_empty() && !at.is_empty() && at != "/id" && at != "/type" {
        out.push(at.to_owned());
    }
    for (key, value) in inner {
        leaves(value, &format!("{at}/{key}"), out);
    }
}

/// Whether nobody compares a leaf: it is an output, a constant, the wrapping that a codec puts round a value, part of a
/// subtree whose truth is another body's, or free JSON that is compared with what was last applied.
pub(crate) fn is_of_nobody(kind: &str, path: &str) -> bool {
    let keys: Vec<String> =
        path.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~")).collect();
    let starts = |with: &[&str]| {
        with.len() <= keys.len() && with.iter().zip(&keys).all(|(a, b)| a.eq_ignore_ascii_case(b))
    };
    let is = |whole: &[&str]| whole.len() == keys.len() && starts(whole);
    let same = |wire: &str| wire.eq_ignore_ascii_case(kind);
    path == "/name"
        || types().iter().map(|registered| (registered.ty)()).any(|ty| {
            let mut codecs = Vec::new();
            if same(ty.wire) {
                under_codecs(ty.props, None, &[], &mut codecs);
            }
            for part in ty.parts.iter().filter(|part| same(part.wire)) {
                under_codecs(ty.props, Some(part.key), &[], &mut codecs);
            }
            let of_the_type = same(ty.wire)
                && (ty.props.iter().filter_map(free_by_record).any(starts)
                    // Whatever a service calls it, a name is what a resource is found by.
                    || ty.props.iter().filter(|p| p.is_name).filter_map(|p| p.wire).any(|name| is(name.path))
                    || ty.outputs.iter().any(|output| is(output.wire))
                    || ty.constants.iter().filter_map(|constant| constant.wire).any(starts)
                    || ty.mirrors.iter().any(|mirror| starts(mirror.at)));
            of_the_type || codecs.iter().any(|wire| starts(wire) && !is(wire))
        })
}

/// Where a property stands whose live value is whatever JSON the service made of what it was told: the record is what
/// it is compared with. What is of one kind must still be of that kind.
fn free_by_record(property: &Property) -> Option<&'static [&'static str]> {
    let free = matches!(property.kind, Kind::Json | Kind::Map(Kind::Json));
    let wire = property.wire.filter(|wire| free && property.by_record && wire.part.is_none())?;
    Some(wire.path)
}

/// The paths at which codecs spell values, those inside blocks too; lists of blocks are left out.
fn under_codecs(
    props: &'static [Property],
    part: Option<&str>,
    at: &[&'static str],
    out: &mut Vec<Vec<&'static str>>,
) {
    for property in props {
        let Some(wire) = property.wire.filter(|wire| wire.part == part) else { continue };
        let path = [at, wire.path].concat();
        if let Kind::Block(block) = property.kind {
            under_codecs(block.props, None, &path, out);
        }
        if wire.codec.is_some() {
            out.push(path);
        }
    }
}

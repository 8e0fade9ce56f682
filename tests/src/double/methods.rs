//! The methods of Google's services, from `facts/google-methods.tsv`: what a request may be.

/// One method.
#[derive(Debug)]
pub struct Method {
    /// `run.googleapis.com`
    pub service: &'static str,
    /// `POST`
    pub verb: &'static str,
    /// `v2/projects/*/locations/*/services`
    pub path: &'static str,
    /// Whether it answers with a long operation.
    pub operation: bool,
    /// What its query may have.
    pub query: Vec<&'static str>,
}

/// All of them.
pub fn methods() -> Vec<Method> {
    let lines = include_str!("../../facts/google-methods.tsv").lines();
    lines
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [service, verb, path, operation, query] = fields[..] else {
                panic!("a method has five fields: {line}")
            };
            let query = query.split(',').filter(|key| *key != "-").collect();
            Method { service, verb, path, operation: operation == "op", query }
        })
        .collect()
}

/// The method that a request is, if its query says nothing that the method does not know.
///
/// # Errors
/// There is none, or the query says more.
pub fn method(verb: &str, url: &str) -> Result<Method, String> {
    let rest = url.strip_prefix("https://").ok_or_else(|| format!("{url} is not https"))?;
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (service, path) = rest.split_once('/').ok_or_else(|| format!("{url} has no path"))?;
    let all = methods();
    // A pattern that says more goes first: `secrets/*:addVersion` before `secrets/*`.
    let mut fits: Vec<Method> = all
        .into_iter()
        .filter(|m| m.service == service && m.verb == verb && is_like(m.path, path))
        .collect();
    fits.sort_by_key(|method| method.path.contains(':'));
    let method = fits.pop().ok_or_else(|| format!("no method is {verb} {url}"))?;
    for key in query.split('&').filter_map(|pair| pair.split('=').next()) {
        let always = ["", "alt", "$alt", "%24alt", "prettyPrint"];
        if !always.contains(&key) && !method.query.contains(&key) {
            return Err(format!("{verb} {url}: no parameter `{key}`"));
        }
    }
    Ok(method)
}

fn is_like(pattern: &str, path: &str) -> bool {
    let (of, is): (Vec<&str>, Vec<&str>) =
        (pattern.split('/').collect(), path.split('/').collect());
    of.len() == is.len()
        && of.iter().zip(&is).all(|(of, is)| match of.strip_prefix('*') {
            Some("") => !is.is_empty() && !is.contains(':'),
            Some(action) => is.ends_with(action) && is.len() > action.len(),
            None => of == is,
        })
}

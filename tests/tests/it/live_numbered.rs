//! What Google numbers, over HTTP: found in lists, on whichever page.

#![cfg(feature = "gcp")]

use xat_infra::live::model;
use xat_infra::plan::{Action, Options, plan};
use xat_infra::state::State;
use xat_tests::server::{Answer, Server};

use crate::live_gcp::{built, playing, reading};

/// What the service numbers is found in its list, on whichever page; whoever else is there is not recorded.
#[test]
fn what_is_numbered_is_found_in_its_list() {
    let graph = built();
    let mut applied = model::applied(&graph);
    let assets = applied["resources"].as_array_mut().unwrap();
    let channel = assets.iter().find(|asset| {
        asset["name"].as_str().is_some_and(|name| name.contains("/notificationChannels/"))
    });
    let channel = channel.cloned().expect("a channel");
    let another = |number: &str, called: &str| {
        let mut other = channel.clone();
        let reference = format!("projects/shop-prod/notificationChannels/{number}");
        other["name"] = format!("//monitoring.googleapis.com/{reference}").into();
        other["resource"]["data"]["name"] = reference.into();
        other["resource"]["data"]["displayName"] = called.into();
        other
    };
    assets.insert(0, another("1", "Strangers"));
    assets.push(another("99999999999999999999", "Others"));
    let server = Server::start(playing(&applied));
    let recording = reading(&server, &graph).0.unwrap_or_else(|problems| panic!("{}", problems[0]));
    assert_eq!(recording.len(), graph.nodes.len(), "strangers are nobody's business");
    let estate = recording.into_estate("gcp").unwrap();
    let planned = plan(&graph, &estate, &State::empty(), &Options::default()).unwrap();
    assert!(planned.steps.iter().all(|step| step.action == Action::Adopt), "{:#?}", planned.steps);
    let pages = server.log();
    let pages = pages.iter().filter(|request| request.path.ends_with("/notificationChannels"));
    assert_eq!(pages.count(), 3, "all pages are read");

    let twin = another("2", "On call");
    applied["resources"].as_array_mut().unwrap().push(twin);
    let server = Server::start(playing(&applied));
    let estate = reading(&server, &graph).0.unwrap().into_estate("gcp").unwrap();
    let problems = plan(&graph, &estate, &State::empty(), &Options::default()).err().unwrap();
    assert_eq!(problems[0].code, "ambiguous-live", "{}", problems[0]);

    let server =
        Server::start(move |request, nth| match request.path.ends_with("/alertPolicies") {
            true => Answer::new(200, r#"{"alertPolicies": [], "nextPageToken": "again"}"#),
            false => playing(&applied)(request, nth),
        });
    let problems = reading(&server, &graph).0.err().expect("a list without an end");
    assert!(problems[0].to_string().contains("more than 1000 pages"), "{}", problems[0]);
    assert!(problems[0].to_string().contains("alert policy `Slow`"), "{}", problems[0]);
}

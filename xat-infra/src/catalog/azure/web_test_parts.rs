//! What an availability test is made of: its request, what a good answer is, the places it asks from.

use crate::schema::Saying;
use crate::value::Text;
use crate::{Block, Choice};

/// A request that an availability test sends.
#[derive(Clone, Block)]
pub struct WebRequest {
    /// The address that is asked.
    #[prop(arm = "RequestUrl", tf = "url", label = "URL")]
    url: Text,
    /// The HTTP verb.
    #[prop(arm = "HttpVerb", tf = "http_verb", default = HttpVerb::Get, service = HttpVerb::Get)]
    verb: HttpVerb,
    /// Headers beside those that Azure sends. Do not put passwords here: everyone who sees the test sees them.
    #[prop(arm = "Headers", tf = "header", key = "name", each = "header")]
    headers: Option<Vec<TestHeader>>,
    /// What is sent, encoded in base64.
    #[prop(arm = "RequestBody", tf = "body")]
    body: Option<Text>,
    /// Whether up to ten redirects are followed.
    #[prop(arm = "FollowRedirects", tf = "follow_redirects_enabled", default = true)]
    follow_redirects: bool,
    /// Whether images, scripts and styles of the page must load too.
    #[prop(
        arm = "ParseDependentRequests",
        tf = "parse_dependent_requests_enabled",
        default = false
    )]
    dependent_requests: bool,
}

#[diagnostic::do_not_recommend]
impl<T: Into<Text>> From<T> for WebRequest {
    /// A `GET` of an address.
    fn from(url: T) -> Self {
        Self::new(url)
    }
}

/// A verb of HTTP.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum HttpVerb {
    /// Ask for the page.
    #[choice("GET")]
    Get,
    /// Ask for the head alone.
    #[choice("HEAD")]
    Head,
    /// Send something.
    #[choice("POST")]
    Post,
    /// Send something in place of what is there.
    #[choice("PUT")]
    Put,
    /// Change what is there.
    #[choice("PATCH")]
    Patch,
    /// Delete what is there.
    #[choice("DELETE")]
    Delete,
    /// Ask what can be asked.
    #[choice("OPTIONS")]
    Options,
}

/// A header of a request.
#[derive(Clone, Block)]
pub struct TestHeader {
    /// The header's name.
    #[prop(arm = "key", tf = "name")]
    name: Text,
    /// Its value.
    #[prop(arm = "value", tf = "value")]
    value: Text,
}

/// What a good answer is.
#[derive(Clone, Block)]
pub struct Validation {
    /// The status that the answer must have; 0 is any below 400.
    #[prop(arm = "ExpectedHttpStatusCode", tf = "expected_status_code", default = 200)]
    status: u16,
    /// Whether the server's certificate must be good.
    #[prop(
        arm = "SSLCheck",
        tf = "ssl_check_enabled",
        label = "certificate check",
        default = true
    )]
    certificate: bool,
    /// For how many more days the certificate must be good: 1 to 365.
    #[prop(
        arm = "SSLCertRemainingLifetimeCheck",
        tf = "ssl_cert_remaining_lifetime",
        label = "certificate lifetime",
        unit = "days"
    )]
    certificate_days: Option<u16>,
    /// The text that the answer must have, or must not have.
    #[prop(arm = "ContentValidation", tf = "content")]
    content: Option<ContentMatch>,
}

/// Text that an answer is searched for.
#[derive(Clone, Block)]
#[block(private_new, import = say_match)]
pub struct ContentMatch {
    /// The text.
    #[prop(arm = "ContentMatch", tf = "content_match")]
    text: Text,
    /// Whether capital and small letters are one.
    #[prop(arm = "IgnoreCase", tf = "ignore_case", default = false)]
    ignore_case: bool,
    /// Whether the text must be there, rather than must not.
    #[prop(arm = "PassIfTextFound", tf = "pass_if_text_found")]
    found: bool,
}

impl ContentMatch {
    /// The answer must have this text.
    #[must_use]
    pub fn has(text: impl Into<Text>) -> Self {
        Self::new(text, true)
    }

    /// The answer must not have this text.
    #[must_use]
    pub fn lacks(text: impl Into<Text>) -> Self {
        Self::new(text, false)
    }
}

fn say_match(content: &mut Saying<'_>) {
    let has = content.is("found", true);
    content.construct(if has { "ContentMatch::has" } else { "ContentMatch::lacks" }, &["text"]);
    content.settle(&["found"]);
}

/// A place that requests are sent from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum TestLocation {
    /// Netherlands.
    #[choice("emea-nl-ams-azr")]
    WestEurope,
    /// Ireland.
    #[choice("emea-gb-db3-azr")]
    NorthEurope,
    /// London.
    #[choice("emea-ru-msa-edge")]
    UkSouth,
    /// Cardiff.
    #[choice("emea-se-sto-edge")]
    UkWest,
    /// Paris.
    #[choice("emea-fr-pra-edge")]
    FranceCentral,
    /// Marseille.
    #[choice("emea-ch-zrh-edge")]
    FranceSouth,
    /// Virginia.
    #[choice("us-va-ash-azr")]
    EastUs,
    /// Iowa.
    #[choice("us-fl-mia-edge")]
    CentralUs,
    /// Illinois.
    #[choice("us-il-ch1-azr")]
    NorthCentralUs,
    /// Texas.
    #[choice("us-tx-sn1-azr")]
    SouthCentralUs,
    /// California.
    #[choice("us-ca-sjc-azr")]
    WestUs,
    /// São Paulo.
    #[choice("latam-br-gru-edge")]
    BrazilSouth,
    /// Hong Kong.
    #[choice("apac-hk-hkn-azr")]
    EastAsia,
    /// Singapore.
    #[choice("apac-sg-sin-azr")]
    SoutheastAsia,
    /// Tokyo.
    #[choice("apac-jp-kaw-edge")]
    JapanEast,
    /// Sydney.
    #[choice("emea-au-syd-edge")]
    AustraliaEast,
}

impl TestLocation {
    /// Five places in Europe, or near it by cable.
    pub const AROUND_EUROPE: [TestLocation; 5] =
        [Self::WestEurope, Self::NorthEurope, Self::UkSouth, Self::FranceCentral, Self::EastUs];
}

//! A small HTTP server on this machine that plays what a test tells it and remembers what it was asked.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// One request, as it came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// The verb.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// What stands behind the question mark.
    pub query: String,
    /// The credential that came with it.
    pub authorization: String,
}

/// One answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Further headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// How long it takes.
    pub delay: Duration,
    /// Whether the connection breaks in the middle of the body.
    pub broken: bool,
}

impl Answer {
    /// A status and a body.
    pub fn new(status: u16, body: impl Into<String>) -> Self {
        let (headers, body) = (Vec::new(), body.into());
        Self { status, headers, body, delay: Duration::ZERO, broken: false }
    }

    /// The same with a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

type Play = dyn Fn(&Request, usize) -> Answer + Send + Sync;

/// The server; it stops when it is dropped.
pub struct Server {
    address: SocketAddr,
    log: Arc<Mutex<Vec<Request>>>,
    stop: Arc<AtomicBool>,
}

impl Server {
    /// Starts a server. `play` gets a request and how often this path and query were asked for before.
    ///
    /// # Panics
    /// There is no free port on the loopback interface.
    pub fn start(play: impl Fn(&Request, usize) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port on this machine");
        let address = listener.local_addr().expect("the port's address");
        let (log, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (play, log_of, stop_of): (Arc<Play>, _, _) =
            (Arc::new(play), log.clone(), stop.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if stop_of.load(Ordering::SeqCst) {
                    break;
                }
                let (play, log) = (play.clone(), log_of.clone());
                std::thread::spawn(move || serve(stream, &*play, &log));
            }
        });
        Self { address, log, stop }
    }

    /// Its address: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it was asked so far.
    ///
    /// # Panics
    /// A thread that served a request panicked.
    pub fn log(&self) -> Vec<Request> {
        self.log.lock().expect("no thread panicked").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // One more connection, so that waiting for one ends.
        let _ = TcpStream::connect(self.address);
    }
}

/// Reads one request and answers it; a test that fails to be answered fails by itself.
fn serve(stream: TcpStream, play: &Play, log: &Mutex<Vec<Request>>) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let first = lines.next()?.ok()?;
    let mut words = first.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let mut authorization = String::new();
    for line in lines.map_while(Result::ok).take_while(|line| !line.is_empty()) {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("authorization")
        {
            authorization = value.trim().to_owned();
        }
    }
    let (path, query) = (path.to_owned(), query.to_owned());
    let request = Request { method, path, query, authorization };
    let before = {
        let mut log = log.lock().ok()?;
        let same = |old: &&Request| old.path == request.path && old.query == request.query;
        let before = log.iter().filter(same).count();
        log.push(request.clone());
        before
    };
    let answer = play(&request, before);
    std::thread::sleep(answer.delay);
    let mut head = format!(
        "HTTP/1.1 {} As Told\r\nconnection: close\r\ncontent-length: {}\r\n",
        answer.status,
        answer.body.len()
    );
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let body = match answer.broken {
        true => &answer.body[..answer.body.len() / 2],
        false => &answer.body,
    };
    let mut stream = stream;
    stream.write_all(format!("{head}\r\n{body}").as_bytes()).ok()?;
    stream.flush().ok()
}

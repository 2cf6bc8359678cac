//! How pages are fetched, and that a page that can't be fetched is never reported as a
//! change.

mod published;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
#[cfg(target_os = "linux")]
use published::spec_trusting;
use published::{
    Ended, PUBLISHED_AT, Server, TlsServer, folder, list, ok, openapi, page, redirect, response_of,
    spec,
};
use xtask::payssam::exit;

fn diff_from(from: &str) -> Ended {
    spec(openapi().path(), &["diff", "--from", from])
}

/// Runs a diff against a server with one response for the page.
fn diff_against(response: String) -> Ended {
    let server = Server::start(&[(PUBLISHED_AT, response)]);
    diff_from(server.address())
}

#[track_caller]
fn assert_ends(ended: &Ended, code: u8, why: &str) {
    assert_eq!(ended.code, code, "{ended:?}");
    assert_eq!(ended.stdout, "", "no report may be printed");
    assert!(ended.stderr.contains(why), "{}", ended.stderr);
}

#[test]
fn pages_are_fetched_one_by_one_at_their_address_with_md_and_a_user_agent() {
    let server = Server::start(&[
        (PUBLISHED_AT, ok(&page())),
        ("/llms.txt", ok(&list(&["acceptance"]))),
    ]);
    let ended = diff_from(server.address());
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
    assert_eq!(ended.stderr, "");
    let requests = server.requests();
    assert_eq!(requests.len(), 2, "{requests:?}");
    assert!(requests[0].starts_with("GET /api/api-v2/acceptance.md HTTP/1.1\r\n"));
    assert!(requests[1].starts_with("GET /llms.txt HTTP/1.1\r\n"));
    for request in requests {
        assert!(request.contains("user-agent: payssam-xtask/"), "{request}");
    }
}

#[test]
fn an_unreachable_server_is_103_and_reports_no_removal() {
    let address = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let ended = diff_from(&address);
    assert_ends(&ended, exit::UPSTREAM_UNREACHABLE, "can't be reached");
}

#[test]
fn every_status_but_200_is_103() {
    for status in [
        "404 Not Found",
        "403 Forbidden",
        "503 Service Unavailable",
        "204 No Content",
    ] {
        let body = if status.starts_with("204") {
            ""
        } else {
            "sorry"
        };
        let ended = diff_against(response_of(status, "text/plain", body));
        assert_ends(&ended, exit::UPSTREAM_UNREACHABLE, &status[..3]);
    }
}

#[test]
fn a_truncated_response_is_103() {
    let page = page();
    let half = &page[..page.find("\n## 청구서 단건 조회").unwrap()];
    let promised = ok(&page).replace(page.as_str(), half);
    let ended = diff_against(promised);
    assert_ends(
        &ended,
        exit::UPSTREAM_UNREACHABLE,
        "acceptance.md can't be reached",
    );
}

#[test]
fn a_response_without_a_length_is_103() {
    let response = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/markdown\r\n\r\n{}",
        page()
    );
    assert_ends(
        &diff_against(response),
        exit::UPSTREAM_UNREACHABLE,
        "cut off",
    );
}

#[test]
fn a_response_in_chunks_is_read_whole() {
    let page = page();
    let response = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n\
         {:x}\r\n{page}\r\n0\r\n\r\n",
        page.len()
    );
    assert_eq!(diff_against(response).code, exit::DONE);
}

#[test]
fn a_response_larger_than_the_limit_is_103() {
    let response = ok(&"x".repeat(24 * 1024 * 1024 + 1));
    assert_ends(
        &diff_against(response),
        exit::UPSTREAM_UNREACHABLE,
        "larger than",
    );
}

#[test]
fn a_page_of_20_mb_of_prose_or_of_json_is_read() {
    let prose = page() + "\n## 부록\n\n" + &"결제 안내. \n".repeat(20_000_000 / 16);
    let examples = "\"가나다라마바사\",".repeat(20_000_000 / 24);
    let json = page().replacen(
        "\"title\":",
        &format!("\"x-examples\":[{examples}0],\"title\":"),
        1,
    );
    for page in [prose, json] {
        assert!(page.len() > 20_000_000);
        assert_eq!(diff_against(ok(&page)).code, exit::DONE);
    }
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(body).unwrap();
    packed.finish().unwrap()
}

/// Serves the bytes for every path, with this encoding.
fn packed(encoding: &'static str, bytes: Vec<u8>) -> String {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/markdown\r\nContent-Encoding: {encoding}\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        bytes.len()
    );
    serve(move |mut stream| {
        let _ = stream.write_all(head.as_bytes());
        let _ = stream.write_all(&bytes);
    })
}

/// Answers every request, and returns the address.
fn serve(respond: impl Fn(TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let respond = Arc::new(respond);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let respond = Arc::clone(&respond);
            thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                respond(stream);
            });
        }
    });
    address
}

#[test]
fn a_page_that_is_packed_is_read_and_bounded_unpacked() {
    let whole = gzip(page().as_bytes());
    assert_eq!(diff_from(&packed("gzip", whole.clone())).code, exit::DONE);
    let half = whole[..whole.len() / 2].to_vec();
    let ended = diff_from(&packed("gzip", half));
    assert_ends(&ended, exit::UPSTREAM_UNREACHABLE, "can't be reached");
    let bomb = gzip(&vec![b'x'; 200_000_000]);
    let ended = diff_from(&packed("gzip", bomb));
    assert_ends(&ended, exit::UPSTREAM_UNREACHABLE, "larger than");
    let ended = diff_from(&packed("br", whole));
    assert_ends(&ended, exit::UPSTREAM_UNREACHABLE, "expected gzip");
}

#[test]
fn a_server_that_sends_a_byte_at_a_time_is_given_up_after_the_time_in_all() {
    let address = serve(|mut stream| {
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: text/markdown\r\nContent-Length: 100000\r\n\r\n";
        let _ = stream.write_all(head.as_bytes());
        while stream.write_all(b"x").is_ok() {
            thread::sleep(Duration::from_millis(100));
        }
    });
    let openapi = openapi();
    let arguments = ["diff", "--from", &address, "--timeout", "2"];
    let ended = spec(openapi.path(), &arguments);
    assert_ends(&ended, exit::UPSTREAM_UNREACHABLE, "longer than 2 s in all");
    assert!(ended.stderr.contains("--timeout"), "{}", ended.stderr);
    // Neither does a server that says nothing at all take longer.
    let silent = serve(|stream| {
        thread::sleep(Duration::from_secs(30));
        drop(stream);
    });
    let arguments = ["diff", "--from", &silent, "--timeout", "1"];
    let ended = spec(openapi.path(), &arguments);
    assert_ends(&ended, exit::UPSTREAM_UNREACHABLE, "longer than 1 s in all");
    let invalid = spec(openapi.path(), &["diff", "--timeout", "0"]);
    assert_eq!(invalid.code, exit::USAGE);
}

#[test]
fn every_spelling_of_a_link_in_the_list_names_the_same_page() {
    for link in [
        "[a](https://developers.payssam.kr/api/api-v2/acceptance.md)",
        "[a](<https://developers.payssam.kr/api/api-v2/acceptance.md>)",
        "[a](https://developers.payssam.kr/api/api-v2/acceptance/)",
        "[a](https://developers.payssam.kr/api/api-v2/acceptance.md/ \"b\")",
        "[a](/api/api-v2/acceptance.md#cancel)",
        "[a](</api/api-v2/acceptance#cancel>)",
        "[a](/api/api-v2/acceptance.md?x=y#z \"title\")",
        "<https://developers.payssam.kr/api/api-v2/acceptance>",
        "[a][b]\n\n[b]: /api/api-v2/acceptance.md",
        "[a [b] c](/api/api-v2/./acceptance.md)",
        "[a](/api/api%2Dv2/acceptance%2emd)",
        "[a](https://developers.payssam.kr//api//api-v2/acceptance.MD)",
        "<a href=\"https://developers.payssam.kr/api/api-v2/acceptance.md\">a</a>",
        "<b><A class='b' HREF=/api/api-v2/acceptance#c>a</A></b>",
        "수납: https://developers.payssam.kr/api/api-v2/acceptance.md, 그리고",
        "수납은 https://developers.payssam.kr/api/api-v2/acceptance에서",
    ] {
        let list = format!("# Docs\n\n- {link}\n");
        let server = Server::start(&[(PUBLISHED_AT, ok(&page())), ("/llms.txt", ok(&list))]);
        let ended = diff_from(server.address());
        assert!(ended.stdout.starts_with("No changes."), "{link}: {ended:?}");
        assert_eq!(
            (ended.code, ended.stderr.as_str()),
            (exit::DONE, ""),
            "{link}"
        );
    }
}

#[test]
fn a_page_that_moved_is_said_to_have_moved() {
    // It is gone, or redirects.
    let gone = vec![("/api/api-v2/payments.md", ok(&page()))];
    let mut redirected = gone.clone();
    redirected.push((PUBLISHED_AT, redirect("/api/api-v2/payments.md")));
    for mut responses in [gone, redirected] {
        responses.push(("/llms.txt", ok(&list(&["payments"]))));
        let server = Server::start(&responses);
        let ended = diff_from(server.address());
        assert!(ended.stdout.starts_with("No changes."), "{ended:?}");
        let says = "the page https://developers.payssam.kr/api/api-v2/acceptance moved to \
                    https://developers.payssam.kr/api/api-v2/payments;";
        assert!(ended.stderr.contains(says), "{ended:?}");
        let openapi = openapi();
        let ended = spec(openapi.path(), &["pull", "--from", server.address()]);
        assert_eq!(ended.code, exit::DONE, "{ended:?}");
        let sources = std::fs::read_to_string(openapi.path().join("sources.toml")).unwrap();
        assert!(sources.contains("/api/api-v2/payments\""), "{sources}");
        assert!(!sources.contains("/api/api-v2/acceptance\""), "{sources}");
    }
}

#[test]
fn an_operation_that_a_page_may_describe_that_cannot_be_read_is_104_and_not_removed() {
    let page = page();
    let rest = page.rfind("## ").unwrap();
    let cut = page.len() - 200;
    let cut = (0..=cut)
        .rev()
        .find(|at| page.is_char_boundary(*at))
        .unwrap();
    let other = "# 조회\n\n{% openapi src=\"a.json\" %}\n{% endopenapi %}\n";
    for (acceptance, more) in [
        (Some(&page[..rest]), other),
        (Some(&page[..rest]), &page[rest..cut]),
        (None, &page[..cut]),
    ] {
        let mut responses = vec![("/api/api-v2/read.md", ok(more))];
        if let Some(acceptance) = acceptance {
            responses.push((PUBLISHED_AT, ok(acceptance)));
        }
        responses.push(("/llms.txt", ok(&list(&["acceptance", "read"]))));
        let server = Server::start(&responses);
        for command in ["diff", "pull"] {
            let openapi = openapi();
            let ended = spec(openapi.path(), &[command, "--from", server.address()]);
            assert_ends(&ended, exit::PAGE_UNREADABLE, "/api/api-v2/read");
            assert_eq!(ended.stdout, "");
        }
    }
}

#[test]
fn a_redirect_is_followed_on_the_same_host_only() {
    let server = Server::start(&[
        (PUBLISHED_AT, redirect("/new.md")),
        ("/new.md", ok(&page())),
    ]);
    assert_eq!(diff_from(server.address()).code, exit::DONE);

    let elsewhere = Server::start(&[("/new.md", ok(&page()))]);
    let to = format!("{}/new.md", elsewhere.address());
    let ended = diff_against(redirect(&to));
    assert_ends(&ended, exit::UPSTREAM_UNREACHABLE, &to);
    assert!(elsewhere.requests().is_empty());
}

#[test]
fn an_html_page_is_104_whatever_its_content_type() {
    let html = "<!DOCTYPE html><html><body>점검 중</body></html>";
    for kind in ["text/html; charset=utf-8", "text/markdown"] {
        let ended = diff_against(response_of("200 OK", kind, html));
        assert_ends(&ended, exit::PAGE_UNREADABLE, "is an HTML page");
    }
}

#[test]
fn a_page_without_a_spec_is_104_and_named_by_its_address() {
    let ended = diff_against(ok("# 점검 중\n"));
    assert_ends(&ended, exit::PAGE_UNREADABLE, "no spec on this page");
    assert!(
        ended.stderr.contains("/api/api-v2/acceptance.md"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_page_that_is_not_text_or_holds_broken_json_is_104() {
    let broken = page().replacen("{\"openapi\"", "{\"openapi\":,\"x\"", 1);
    assert_ends(
        &diff_against(ok(&broken)),
        exit::PAGE_UNREADABLE,
        "not valid JSON",
    );
    let folder = folder("");
    std::fs::write(folder.path().join("acceptance.md"), b"# \xff").unwrap();
    let ended = diff_from(folder.path().to_str().unwrap());
    assert_ends(&ended, exit::PAGE_UNREADABLE, "not UTF-8");
}

#[test]
fn two_fences_that_disagree_are_104() {
    let page = page();
    let (first, second) = page.split_at(page.find("## 청구서 단건 조회").unwrap());
    let page = format!(
        "{first}{}",
        second.replace("\"/bill/read\"", "\"/bill/cancel\"")
    );
    assert_ends(&diff_against(ok(&page)), exit::PAGE_UNREADABLE, "disagree");
}

#[test]
fn a_folder_that_is_not_there_or_lacks_the_page_is_103() {
    let empty = tempfile::TempDir::new().unwrap();
    let missing = empty.path().join("nowhere");
    for folder in [empty.path(), missing.as_path()] {
        let ended = diff_from(folder.to_str().unwrap());
        assert_ends(&ended, exit::UPSTREAM_UNREACHABLE, "can't be reached");
    }
}

#[test]
fn a_folder_may_have_the_page_under_its_file_name_or_its_published_path() {
    for name in [
        "pages/acceptance.md",
        "acceptance.md",
        "api/api-v2/acceptance.md",
    ] {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, page()).unwrap();
        assert_eq!(
            diff_from(folder.path().to_str().unwrap()).code,
            exit::DONE,
            "{name}"
        );
    }
}

#[test]
fn a_list_of_pages_that_is_missing_is_only_a_warning() {
    let ended = diff_against(ok(&page()));
    assert_eq!(ended.code, exit::DONE);
    assert!(ended.stderr.starts_with("warning: "), "{}", ended.stderr);
    assert!(ended.stderr.contains("llms.txt"), "{}", ended.stderr);
}

#[test]
fn an_invalid_address_is_2() {
    assert_eq!(diff_from("http://").code, exit::USAGE);
}

#[cfg(target_os = "linux")]
fn diff_over_tls(server: &TlsServer) -> Ended {
    let address = server.address();
    spec_trusting(server, openapi().path(), &["diff", "--from", &address])
}

#[cfg(target_os = "linux")]
#[test]
fn pages_are_fetched_over_tls_and_redirects_on_the_same_https_host_are_followed() {
    let server = TlsServer::start(|host| {
        vec![
            (PUBLISHED_AT, redirect(&format!("https://{host}/new.md"))),
            ("/new.md", ok(&page())),
            ("/llms.txt", ok(&list(&["acceptance"]))),
        ]
    });
    let ended = diff_over_tls(&server);
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
    assert_eq!(ended.stderr, "");
    assert_eq!(server.requests().len(), 3);
    assert!(server.requests_in_the_clear().is_empty());
}

#[test]
fn a_certificate_that_the_platform_does_not_trust_is_103() {
    let server = TlsServer::start(|_| vec![(PUBLISHED_AT, ok(&page()))]);
    let ended = diff_from(&server.address());
    assert_ends(&ended, exit::UPSTREAM_UNREACHABLE, "certificate");
    assert!(server.requests().is_empty());
}

/// The page cannot be reached, so the pages of the list are searched for its operations.
#[cfg(target_os = "linux")]
fn to_http(path: &'static str) -> TlsServer {
    TlsServer::start(move |host| {
        let mut responses = vec![
            ("/llms.txt", ok(&list(&["elsewhere"]))),
            ("/new.md", ok(&page())),
        ];
        responses.retain(|(at, _)| *at != path);
        responses.push((path, redirect(&format!("http://{host}/new.md"))));
        responses
    })
}

#[cfg(target_os = "linux")]
#[test]
fn a_redirect_from_https_to_http_is_103_and_never_followed() {
    for path in [PUBLISHED_AT, "/llms.txt", "/api/api-v2/elsewhere.md"] {
        let server = to_http(path);
        let ended = diff_over_tls(&server);
        assert_ends(&ended, exit::UPSTREAM_UNREACHABLE, "from https to http");
        assert!(server.requests_in_the_clear().is_empty(), "{path}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_redirect_from_https_to_another_host_without_tls_is_103_and_never_followed() {
    let elsewhere = Server::start(&[("/new.md", ok(&page()))]);
    let to = format!("{}/new.md", elsewhere.address());
    let server = TlsServer::start(|_| vec![(PUBLISHED_AT, redirect(&to))]);
    let ended = diff_over_tls(&server);
    assert_ends(&ended, exit::UPSTREAM_UNREACHABLE, "from https to http");
    assert!(elsewhere.requests().is_empty());
}

#[test]
fn what_is_published_is_fetched_over_https_only() {
    let server = Server::start(&[(PUBLISHED_AT, ok(&page()))]);
    let openapi = openapi();
    let path = openapi.path().join("sources.toml");
    let sources = std::fs::read_to_string(&path).unwrap();
    std::fs::write(
        &path,
        sources.replace("https://developers.payssam.kr", server.address()),
    )
    .unwrap();
    let ended = spec(openapi.path(), &["diff"]);
    assert_ends(&ended, exit::UPSTREAM_UNREACHABLE, "not allowed");
    assert!(server.requests().is_empty());
}

#[test]
fn a_page_that_an_https_list_has_under_http_is_103_and_never_fetched() {
    let linked = list(&["acceptance", "new"]).replace(
        "https://developers.payssam.kr/api/api-v2/new.md",
        "http://developers.payssam.kr/api/api-v2/new.md",
    );
    let server = Server::start(&[(PUBLISHED_AT, ok(&page())), ("/llms.txt", ok(&linked))]);
    let ended = diff_from(server.address());
    assert_ends(&ended, exit::UPSTREAM_UNREACHABLE, "from https to http");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_link_under_http_outside_of_the_captured_sections_is_not_followed_and_harmless() {
    let linked = list(&["acceptance"]) + "- [home](http://developers.payssam.kr/)\n";
    let server = Server::start(&[(PUBLISHED_AT, ok(&page())), ("/llms.txt", ok(&linked))]);
    let ended = diff_from(server.address());
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
    assert_eq!(server.requests().len(), 2);
}

/// A server where the captured page is gone, so that the pages of the list are searched, of which
/// only the last one has its operations.
fn many_pages(listed: usize) -> Server {
    let names: Vec<String> = (1..=listed).map(|number| format!("p{number:03}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut responses = vec![("/llms.txt".to_owned(), ok(&list(&names)))];
    responses.extend(names.iter().map(|name| {
        let text = if names.last() == Some(name) {
            page()
        } else {
            "# 안내\n".to_owned()
        };
        (format!("/api/api-v2/{name}.md"), ok(&text))
    }));
    let responses: Vec<(&str, String)> = responses
        .iter()
        .map(|(path, response)| (path.as_str(), response.clone()))
        .collect();
    Server::start(&responses)
}

#[test]
fn one_run_fetches_at_most_100_pages_and_ends_with_103_at_the_next() {
    // The captured page and the list count as well.
    let server = many_pages(98);
    let ended = diff_from(server.address());
    assert_eq!(ended.code, exit::DONE, "{ended:?}");
    assert_eq!(server.requests().len(), 100);

    let server = many_pages(99);
    let ended = diff_from(server.address());
    assert_ends(&ended, exit::UPSTREAM_UNREACHABLE, "limit of 100 pages");
    assert!(
        ended.stderr.contains("/api/api-v2/p099"),
        "{}",
        ended.stderr
    );
    assert_eq!(server.requests().len(), 100);
}

#[test]
fn a_page_that_is_listed_under_its_name_in_another_place_has_moved() {
    for (address, at) in [
        ("/api/api-v3/acceptance", "acceptance.md"),
        ("/api/api-v3/acceptance", "api/api-v3/acceptance.md"),
        ("/api/api-v2/pay/acceptance", "acceptance.md"),
        ("/acceptance", "acceptance.md"),
    ] {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join(at);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, page()).unwrap();
        let list = format!("- [a](https://developers.payssam.kr{address}.md)\n");
        std::fs::write(folder.path().join("llms.txt"), list).unwrap();
        let from = folder.path().to_str().unwrap();
        let ended = diff_from(from);
        assert!(
            ended.stdout.starts_with("No changes."),
            "{address}: {ended:?}"
        );
        let says = format!(
            "warning: the page https://developers.payssam.kr/api/api-v2/acceptance moved to \
             https://developers.payssam.kr{address}; a pull writes its new address into sources.toml\n"
        );
        assert_eq!((ended.code, ended.stderr), (exit::DONE, says), "{address}");
        let openapi = openapi();
        let ended = spec(openapi.path(), &["pull", "--from", from]);
        assert_eq!(ended.code, exit::DONE, "{ended:?}");
        let sources = std::fs::read_to_string(openapi.path().join("sources.toml")).unwrap();
        assert!(sources.contains(&format!("{address}\"")), "{sources}");
    }
}

#[test]
fn a_page_with_a_namesake_that_tells_of_something_else_is_gone() {
    let list = "- [a](https://developers.payssam.kr/api/api-v3/acceptance.md)\n";
    let server = Server::start(&[
        (PUBLISHED_AT, ok(&page())),
        ("/api/api-v3/acceptance.md", ok("# 다른 글\n")),
        ("/llms.txt", ok(list)),
    ]);
    let ended = diff_from(server.address());
    assert!(ended.stdout.contains("page-gone"), "{ended:?}");
    assert!(!ended.stderr.contains("moved"), "{ended:?}");
}

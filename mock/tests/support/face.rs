//! Pages of the mock server, as a browser without JavaScript has them.

use payssam_mock::MockServer;
use reqwest::Response;

use super::{control::origin, http};

/// All pages that show something, without those of bills.
pub const PAGES: [&str; 5] = ["/", "/callbacks", "/faults", "/clock", "/requests"];

/// A page.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub html: String,
}

impl Page {
    pub async fn of(response: Response) -> Self {
        Page {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            html: response.text().await.unwrap(),
        }
    }

    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    /// What is between each opening and the closing behind it, as a browser reads it.
    pub fn all(&self, opening: &str, closing: &str) -> Vec<String> {
        let pieces = self.html.split(opening).skip(1);
        pieces
            .map(|piece| unescaped(piece.split(closing).next().unwrap()))
            .collect()
    }

    /// The commands that it shows.
    pub fn commands(&self) -> Vec<String> {
        let code = self.all("<code translate=\"no\">", "</code>").into_iter();
        code.filter(|code| code.starts_with("curl ")).collect()
    }

    pub fn token(&self) -> String {
        let tokens = self.all("name=\"token\" value=\"", "\"");
        tokens.into_iter().next().unwrap_or_default()
    }

    /// Its text without tags.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for piece in self.html.split('<').skip(1) {
            let (_, behind) = piece.split_once('>').unwrap();
            text += &unescaped(behind);
            text.push(' ');
        }
        text
    }
}

fn unescaped(html: &str) -> String {
    html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

pub async fn get(mock: &MockServer, path: &str) -> Page {
    get_in(mock, path, "ko").await
}

/// In this language.
pub async fn get_in(mock: &MockServer, path: &str, language: &str) -> Page {
    let request = http().get(format!("{}{path}", origin(mock)));
    let request = request.header("accept-language", language);
    Page::of(request.send().await.unwrap()).await
}

/// Posts a form as it is.
pub async fn post(mock: &MockServer, path: &str, fields: &[(&str, &str)]) -> Page {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    let request = http()
        .post(format!("{}{path}", origin(mock)))
        .header("origin", origin(mock))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.finish());
    Page::of(request.send().await.unwrap()).await
}

/// Fills in the form of an act, and gives the page that follows.
pub async fn act(mock: &MockServer, name: &str, fields: &[(&str, &str)]) -> Page {
    let token = get(mock, "/").await.token();
    let fields = [&[("token", &*token)], fields].concat();
    let done = post(mock, &format!("/do/{name}"), &fields).await;
    match done.status {
        303 => get(mock, done.header("location")).await,
        _ => done,
    }
}

/// Presses a button of the payer's page.
pub async fn choose(mock: &MockServer, link: &str, choice: &str) -> Page {
    let token = get(mock, link).await.token();
    post(mock, link, &[("token", &token), ("act", choice)]).await
}

/// The page of a bill of the merchant that a mock server has if nobody says another.
pub fn bill_page(id: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs([
        ("partner", "first"),
        ("member", payssam_mock::MEMBER),
        ("merchant", payssam_mock::MERCHANT),
        ("id", id),
    ]);
    format!("/bill?{}", query.finish())
}

/// The fields by which a form says that bill.
pub fn bill(id: &str) -> [(&str, &str); 4] {
    [
        ("partner", "first"),
        ("member", payssam_mock::MEMBER),
        ("merchant", payssam_mock::MERCHANT),
        ("bill_id", id),
    ]
}

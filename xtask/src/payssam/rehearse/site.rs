//! A site that PaySsam could publish: the checked-in pages with changes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::error::Error;
use crate::page;
use crate::payssam::sources::{Provenance, Sources};
use crate::payssam::{build, reconstructed};

/// How the pages write a specification.
const OPENING: &str = "```json\n";
const CLOSING: &str = "\n```";

/// Where the pages are published.
const SECTION: &str = "https://developers.payssam.kr/api/api-v2/";

/// The pages, and the reconstructions that have no page yet.
///
/// The methods that change it panic if there is nothing to change: then a case no longer fits the
/// checked-in pages and must be rewritten.
#[derive(Clone, Debug)]
pub struct Site {
    /// The text of each page by the last name of its address.
    pages: BTreeMap<String, String>,
    /// The reconstructed operations by the names of their files.
    reconstructions: BTreeMap<String, Value>,
}

impl Site {
    /// What is checked in under `openapi`, as a site.
    ///
    /// # Errors
    ///
    /// If `sources.toml` or a file that it names can't be read.
    pub fn checked_in(openapi: &Path) -> Result<Self, Error> {
        let (_, Sources { pages: sources }) = build::read_sources(openapi)?;
        let mut site = Site {
            pages: BTreeMap::new(),
            reconstructions: BTreeMap::new(),
        };
        for source in sources {
            let path = openapi.join(&source.file);
            let text = fs::read_to_string(&path).map_err(|reason| Error::io(&path, reason))?;
            match (&source.address, source.provenance) {
                (Some(address), Provenance::Published) => {
                    let name = address.rsplit('/').next().unwrap_or(address);
                    site.pages.insert(name.to_owned(), text);
                }
                _ => {
                    let reconstruction = page::json(&text)
                        .map_err(|reason| Error::Reconstruction { path, reason })?;
                    let name = source.file.rsplit('/').next().unwrap_or(&source.file);
                    let name = name.trim_end_matches(".json").to_owned();
                    site.reconstructions.insert(name, reconstruction);
                }
            }
        }
        Ok(site)
    }

    /// Writes the pages and the list of them into an empty folder.
    ///
    /// # Errors
    ///
    /// If a file can't be written.
    pub fn write(&self, folder: &Path) -> Result<(), Error> {
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(|reason| Error::io(folder, reason))?;
        }
        fs::create_dir_all(folder).map_err(|reason| Error::io(folder, reason))?;
        let mut list = String::from("# Docs\n\n");
        for (name, text) in &self.pages {
            list += &format!("- [{name}]({SECTION}{name}.md)\n");
            let path = folder.join(format!("{name}.md"));
            fs::write(&path, text).map_err(|reason| Error::io(&path, reason))?;
        }
        let path = folder.join("llms.txt");
        fs::write(&path, list).map_err(|reason| Error::io(&path, reason))
    }

    /// Changes the specification that describes an operation, such as `POST /bill/read`.
    pub fn spec(&mut self, operation: &str, change: impl FnOnce(&mut Value)) {
        let mut change = Some(change);
        self.specs(|spec| {
            if operation_of(spec, operation).is_some()
                && let Some(change) = change.take()
            {
                change(spec);
            }
        });
        assert!(change.is_none(), "no page describes {operation}");
    }

    /// Changes every specification of every page.
    pub fn specs(&mut self, mut change: impl FnMut(&mut Value)) {
        for text in self.pages.values_mut() {
            *text = with_specs(text, &mut change);
        }
    }

    /// Changes an operation.
    pub fn operation(&mut self, operation: &str, change: impl FnOnce(&mut Value)) {
        self.spec(operation, |spec| {
            if let Some(found) = operation_of(spec, operation) {
                change(found);
            }
        });
    }

    /// Changes a class, wherever it is described.
    pub fn class(&mut self, class: &str, mut change: impl FnMut(&mut Value)) {
        let mut is_there = false;
        self.specs(|spec| {
            let found = spec.pointer_mut("/components/schemas");
            if let Some(found) = found.and_then(|classes| classes.get_mut(class)) {
                is_there = true;
                change(found);
            }
        });
        assert!(is_there, "no page has the class {class}");
    }

    /// Changes a property of a class.
    pub fn property(&mut self, class: &str, name: &str, mut change: impl FnMut(&mut Value)) {
        self.class(class, |class| {
            let property = class["properties"].get_mut(name);
            change(property.unwrap_or_else(|| panic!("the class has no {name}")));
        });
    }

    /// Adds keywords to a property, or replaces them; `null` removes one.
    pub fn say(&mut self, class: &str, name: &str, keywords: &Value) {
        self.property(class, name, |property| merge(property, keywords));
    }

    /// Gives a property another schema with the same description.
    pub fn retype(&mut self, class: &str, name: &str, schema: &Value) {
        self.property(class, name, |property| {
            let description = property["description"].take();
            *property = schema.clone();
            property["description"] = description;
        });
    }

    /// Adds a property to a class.
    pub fn add(&mut self, class: &str, name: &str, schema: &Value) {
        self.class(class, |class| class["properties"][name] = schema.clone());
    }

    /// Removes a property from a class, and from the list of the required ones.
    pub fn take(&mut self, class: &str, name: &str) {
        self.class(class, |class| {
            let properties = class["properties"].as_object_mut();
            let taken = properties.and_then(|properties| properties.shift_remove(name));
            assert!(taken.is_some(), "the class has no {name}");
            if let Some(Value::Array(required)) = class.get_mut("required") {
                required.retain(|required| required != name);
            }
        });
    }

    /// Makes a property of a class required.
    pub fn require(&mut self, class: &str, name: &str) {
        self.class(class, |class| match class.get_mut("required") {
            Some(Value::Array(required)) => required.push(name.into()),
            _ => class["required"] = json!([name]),
        });
    }

    /// Replaces a text in the specifications and in the prose of all pages.
    pub fn replace(&mut self, from: &str, to: &str) {
        let mut is_there = false;
        for text in self.pages.values_mut() {
            is_there |= text.contains(from);
            *text = text.replace(from, to);
        }
        assert!(is_there, "no page says {from}");
    }

    /// The text of a page, to be changed.
    pub fn page(&mut self, name: &str) -> &mut String {
        let page = self.pages.get_mut(name);
        page.unwrap_or_else(|| panic!("there is no page {name}"))
    }

    /// Publishes a page.
    pub fn publish(&mut self, name: &str, text: impl Into<String>) {
        self.pages.insert(name.to_owned(), text.into());
    }

    /// Removes a page from the site.
    pub fn withdraw(&mut self, name: &str) -> String {
        let page = self.pages.remove(name);
        page.unwrap_or_else(|| panic!("there is no page {name}"))
    }

    /// The names of all reconstructions.
    pub fn reconstructions(&self) -> Vec<String> {
        self.reconstructions.keys().cloned().collect()
    }

    /// A reconstructed operation as springdoc would publish it.
    pub fn springdoc(&self, reconstruction: &str) -> Value {
        let reconstruction = self.reconstructions.get(reconstruction);
        let reconstruction = reconstruction
            .unwrap_or_else(|| panic!("no such reconstruction"))
            .clone();
        springdoc(reconstructed::without_provenance(&reconstruction).into_owned())
    }

    /// Publishes a page in springdoc's style for a reconstruction, under the name of the reconstruction.
    pub fn publish_reconstruction(&mut self, reconstruction: &str) {
        let text = page_of(
            &format!("# {reconstruction}"),
            &[self.springdoc(reconstruction)],
        );
        self.publish(reconstruction, text);
    }
}

/// A page with a heading and specifications.
pub fn page_of(heading: &str, specs: &[Value]) -> String {
    let specs = specs
        .iter()
        .map(|spec| format!("\n{OPENING}{spec}{CLOSING}\n"));
    format!("{heading}\n{}", specs.collect::<String>())
}

/// A specification with one operation whose bodies are the given schemas.
pub fn spec_of(path: &str, method: &str, request: Value, data: Value) -> Value {
    let body = |schema| json!({"content": {"application/json": {"schema": schema}}});
    let mut request = body(request);
    request["required"] = true.into();
    let mut response = body(json!({
        "type": "object",
        "properties": {"code": {"type": "string"}, "message": {"type": "string"}, "data": data},
    }));
    response["description"] = "성공".into();
    whole(json!({"paths": {path: {method: {
        "requestBody": request,
        "responses": {"200": response},
    }}}}))
}

/// A document with the beginning of every page.
fn whole(parts: Value) -> Value {
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {"title": "OpenAPI definition", "version": "v0"},
        "tags": [],
        "servers": [{"url": null, "description": "Generated server url"}],
    });
    merge(&mut document, &parts);
    document
}

fn merge(into: &mut Value, keywords: &Value) {
    for (key, value) in keywords.as_object().into_iter().flatten() {
        match (value, into.as_object_mut()) {
            (Value::Null, Some(object)) => drop(object.shift_remove(key)),
            _ => into[key] = value.clone(),
        }
    }
}

fn operation_of<'a>(spec: &'a mut Value, operation: &str) -> Option<&'a mut Value> {
    let (method, path) = operation.split_once(' ')?;
    let methods = spec.get_mut("paths")?.get_mut(path)?;
    methods.get_mut(method.to_ascii_lowercase())
}

/// The page with each of its specifications changed.
fn with_specs(text: &str, change: &mut impl FnMut(&mut Value)) -> String {
    let mut parts = text.split(OPENING);
    let mut changed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (spec, rest) = part.split_once(CLOSING).unwrap_or((part, ""));
        let mut spec: Value = serde_json::from_str(spec).unwrap_or_else(|error| panic!("{error}"));
        change(&mut spec);
        changed += &format!("{OPENING}{spec}{CLOSING}{rest}");
    }
    changed
}

/// A reconstruction with the names and the frame of springdoc.
fn springdoc(reconstruction: Value) -> Value {
    let mut text = reconstruction.to_string();
    let classes = reconstruction["components"]["schemas"].as_object();
    for class in classes.into_iter().flat_map(Map::keys) {
        let noun = class.trim_start_matches("Reconstructed");
        let published = match (noun.strip_suffix("Request"), noun.strip_suffix("Response")) {
            (Some(noun), _) => format!("{noun}PortRequest"),
            (None, Some(noun)) => format!("BaseResponse{noun}PortResponse"),
            (None, None) => format!("{noun}Info"),
        };
        text = text.replace(&format!("/{class}\""), &format!("/{published}\""));
        text = text.replace(&format!("\"{class}\":"), &format!("\"{published}\":"));
    }
    let renamed = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}"));
    let mut document = whole(renamed);
    for methods in document["paths"]
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut)
    {
        for operation in methods
            .as_object_mut()
            .into_iter()
            .flat_map(Map::values_mut)
        {
            operation["tags"] = json!(["청구서 ERP 연동"]);
            operation["responses"]["200"]["description"] = "성공".into();
        }
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked_in() -> Site {
        let openapi = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
        Site::checked_in(&openapi).unwrap()
    }

    #[test]
    fn a_site_that_nobody_changed_is_what_is_checked_in() {
        let mut site = checked_in();
        let before = site.clone();
        site.specs(|_| ());
        assert_eq!(site.pages, before.pages);
    }

    #[test]
    fn a_reconstruction_is_published_without_its_provenance_and_its_names() {
        let site = checked_in();
        for reconstruction in site.reconstructions() {
            let text = site.springdoc(&reconstruction).to_string();
            assert!(!text.contains("Reconstructed"), "{text}");
            assert!(!text.contains("x-provenance"), "{text}");
            assert!(
                text.contains("PortRequest") && text.contains("BaseResponse"),
                "{text}"
            );
        }
    }
}

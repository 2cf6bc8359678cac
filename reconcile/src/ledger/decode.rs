//! Turns the bytes of a ledger into UTF-8, whatever its encoding.

use std::{
    io::{self, BufRead as _, BufReader, Read, Seek, SeekFrom},
    sync::{Arc, Mutex, PoisonError},
};

use encoding_rs::{CoderResult, DecoderResult, EUC_KR, Encoding, UTF_8};
use sha2::{Digest as _, Sha256};

use crate::digest::hex;

const CHUNK: usize = 65_536;

/// The encoding of these bytes: that of a byte order mark, else the one of UTF-8 and CP949 in which fewer sequences are
/// malformed. `None` when neither fits.
pub(super) fn encoding_of(mut file: impl Read + Seek) -> io::Result<Option<&'static Encoding>> {
    let mut first = [0; 3];
    let length = file.by_ref().take(3).read(&mut first)?;
    if let Some((encoding, _)) = Encoding::for_bom(&first[..length]) {
        return Ok(Some(encoding));
    }
    let mut best = (u64::MAX, UTF_8);
    for encoding in [UTF_8, EUC_KR] {
        file.seek(SeekFrom::Start(0))?;
        let (malformed, bytes) = malformed(&mut file, encoding)?;
        // Some damaged characters are no reason to refuse the rest.
        if malformed < best.0 && malformed <= bytes / 200 {
            best = (malformed, encoding);
        }
        if malformed == 0 {
            break;
        }
    }
    Ok((best.0 < u64::MAX).then_some(best.1))
}

fn malformed(file: &mut impl Read, encoding: &'static Encoding) -> io::Result<(u64, u64)> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut reader = BufReader::with_capacity(CHUNK, file);
    let mut decoded = vec![0; 2 * CHUNK];
    let (mut malformed, mut bytes) = (0, 0);
    loop {
        let raw = reader.fill_buf()?;
        let (is_last, length) = (raw.is_empty(), raw.len());
        let mut from = 0;
        loop {
            let (result, read, _) =
                decoder.decode_to_utf8_without_replacement(&raw[from..], &mut decoded, is_last);
            from += read;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => malformed += 1,
            }
        }
        if is_last {
            return Ok((malformed, bytes));
        }
        bytes += length as u64;
        reader.consume(length);
    }
}

/// What was read of a file so far, as a digest.
#[derive(Clone, Default)]
pub(super) struct Fingerprint(Arc<Mutex<Sha256>>);

impl Fingerprint {
    fn update(&self, bytes: &[u8]) {
        let mut digest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        digest.update(bytes);
    }

    pub(super) fn hex(&self) -> String {
        let digest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hex(&digest.clone().finalize())
    }
}

/// How much may still be read for one record, so that a quote that never ends does not take all memory. There is no limit
/// before one is set.
#[derive(Clone)]
pub(super) struct Allowance(Arc<Mutex<u64>>);

impl Default for Allowance {
    fn default() -> Self {
        Allowance(Arc::new(Mutex::new(u64::MAX)))
    }
}

/// What ends a record that is longer than its allowance.
#[derive(Debug)]
pub(super) struct TooLong;

impl std::fmt::Display for TooLong {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a record is too long")
    }
}

impl std::error::Error for TooLong {}

impl Allowance {
    /// Allows so many bytes from now on, beside those that are in buffers already.
    pub(super) fn set(&self, bytes: u64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = bytes;
    }

    fn take(&self, bytes: usize) -> io::Result<()> {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *left = left
            .checked_sub(bytes as u64)
            .ok_or_else(|| io::Error::other(TooLong))?;
        Ok(())
    }
}

/// A file as UTF-8 without a byte order mark. What is malformed becomes U+FFFD.
pub(super) struct Decoded<R> {
    file: R,
    decoder: encoding_rs::Decoder,
    raw: Box<[u8]>,
    start: usize,
    end: usize,
    is_over: bool,
    is_flushed: bool,
    fingerprint: Fingerprint,
    allowance: Allowance,
}

impl<R: Read> Decoded<R> {
    pub(super) fn new(
        file: R,
        encoding: &'static Encoding,
        fingerprint: Fingerprint,
        allowance: Allowance,
    ) -> Self {
        Decoded {
            file,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; CHUNK].into(),
            start: 0,
            end: 0,
            is_over: false,
            is_flushed: false,
            fingerprint,
            allowance,
        }
    }
}

impl<R: Read> Read for Decoded<R> {
    /// `to` needs room for a character.
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.is_flushed {
                return Ok(0);
            }
            if self.start == self.end && !self.is_over {
                self.end = self.file.read(&mut self.raw)?;
                self.start = 0;
                self.is_over = self.end == 0;
                self.fingerprint.update(&self.raw[..self.end]);
            }
            let raw = &self.raw[self.start..self.end];
            let (result, read, written, _) = self.decoder.decode_to_utf8(raw, to, self.is_over);
            self.start += read;
            self.is_flushed = self.is_over && result == CoderResult::InputEmpty;
            if written != 0 {
                self.allowance.take(written)?;
                return Ok(written);
            }
        }
    }
}

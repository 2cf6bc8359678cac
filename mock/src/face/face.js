// What makes the pages move by themselves. Without it they work too.
'use strict';
(() => {
  const body = document.body;
  // The response to a form cannot be asked for again.
  const isLive = Boolean(body.dataset.events);

  // The least time between two reads of the page, how often it is read without a stream, and how long a mark stays.
  const PAUSE = 300;
  const POLL = 5000;
  const MARK = 2000;

  // ----- what the page shows ---------------------------------------------------------------------------------------

  // The HTML of an element when it came, without the parts of it that move by themselves.
  const came = new WeakMap();
  const shell = (element) => {
    if (!element.querySelector('[data-live]')) return element.outerHTML;
    const copy = element.cloneNode(true);
    for (const live of copy.querySelectorAll('[data-live]')) live.textContent = '';
    return copy.outerHTML;
  };
  const remember = (element) => came.set(element, shell(element));
  const focusable = 'a, button, input, select, summary, [tabindex]';

  // Puts one element in the place of another, without taking the focus away or closing what is open.
  const replace = (old, fresh) => {
    const before = Array.from(old.querySelectorAll(focusable));
    const focused = before.indexOf(document.activeElement);
    const opened = Array.from(old.querySelectorAll('details'), (it) => it.open);
    Array.from(fresh.querySelectorAll('details')).forEach((it, place) => {
      if (opened[place]) it.open = true;
    });
    old.replaceWith(fresh);
    enhance(fresh);
    if (focused >= 0) {
      const now = Array.from(fresh.querySelectorAll(focusable));
      const next = now[Math.min(focused, now.length - 1)] || document.getElementById('main');
      next.focus({ preventScroll: true });
    }
  };

  const mark = (element) => {
    element.classList.add('changed');
    setTimeout(() => element.classList.remove('changed'), MARK);
  };

  // Makes a part as it is in the fresh page. Returns how much of it changed.
  const patch = (live, fresh) => {
    const children = Array.from(fresh.children);
    const isKeyed = (it) => it.id !== '';
    if (!children.every(isKeyed) || !Array.from(live.children).every(isKeyed)) {
      if (live.innerHTML !== fresh.innerHTML) live.innerHTML = fresh.innerHTML;
      return 0;
    }
    if (children.length === 0 && live.children.length === 0) return 0;
    const known = new Map(Array.from(live.children, (it) => [it.id, it]));
    let changed = 0;
    let place = live.firstElementChild;
    for (const next of children) {
      const old = known.get(next.id);
      known.delete(next.id);
      const html = shell(next);
      let now = old;
      if (!old) {
        now = next;
        live.insertBefore(next, place);
        enhance(next);
      } else if (came.get(old) !== html) {
        if (place === old) place = old.nextElementSibling;
        replace(old, next);
        now = next;
        if (now.nextElementSibling !== place) live.insertBefore(now, place);
      } else if (old === place) {
        place = place.nextElementSibling;
      } else {
        live.insertBefore(old, place);
      }
      if (now !== old) {
        came.set(now, html);
        mark(now);
        changed += 1;
      }
    }
    for (const gone of known.values()) {
      const hadFocus = gone.contains(document.activeElement);
      gone.remove();
      changed += 1;
      if (hadFocus) document.getElementById('main').focus({ preventScroll: true });
    }
    return changed;
  };

  // The address may lead to another page by now, such as to none. Returns how much changed.
  const another = (next) => {
    const main = document.getElementById('main');
    if (!next || next.dataset.page === main.dataset.page) return 0;
    const hadFocus = main.contains(document.activeElement);
    main.dataset.page = next.dataset.page;
    main.replaceChildren(...next.childNodes);
    document.title = [main.querySelector('h1'), document.querySelector('.brand')].map((it) => it.textContent).join(' · ');
    enhance(main);
    if (hadFocus) main.focus({ preventScroll: true });
    return 1;
  };

  // When each time that goes on was shown.
  const shown = new WeakMap();
  const KOREA = 9 * 60 * 60 * 1000;
  const tick = () => {
    for (const time of document.querySelectorAll('time[data-epoch]')) {
      if (!shown.has(time)) shown.set(time, Date.now());
      const now = Number(time.dataset.epoch) + Date.now() - shown.get(time);
      const text = new Date(now + KOREA).toISOString().slice(0, 19);
      time.dateTime = `${text}+09:00`;
      time.textContent = text.replace('T', ' ');
    }
  };
  setInterval(tick, 1000);

  let said = 0;
  const say = (text) => {
    const now = Date.now();
    if (now - said < MARK) return;
    said = now;
    const place = document.getElementById('said');
    place.textContent = '';
    setTimeout(() => { place.textContent = text; }, 50);
  };

  const show = (html) => {
    const fresh = new DOMParser().parseFromString(html, 'text/html');
    let changed = another(fresh.getElementById('main'));
    for (const live of document.querySelectorAll('[data-live]')) {
      if (!live.isConnected) continue;
      const next = fresh.getElementById(live.id);
      if (next) changed += patch(live, next);
    }
    tick();
    if (changed > 0) say(body.dataset.changed);
  };

  // ----- reading it again ------------------------------------------------------------------------------------------

  let isReading = false;
  let isStale = false;
  let last = 0;
  let timer = 0;

  const connection = (text) => {
    const place = document.getElementById('connection');
    if (place.textContent !== text) place.textContent = text;
    place.hidden = text === '';
  };

  const read = async () => {
    timer = 0;
    if (isReading) {
      isStale = true;
      return;
    }
    isReading = true;
    isStale = false;
    last = Date.now();
    const address = wanted();
    try {
      const response = await fetch(address, { cache: 'no-store' });
      const text = await response.text();
      const isPage = (response.headers.get('content-type') || '').startsWith('text/html');
      if (!isPage) throw new Error(response.status);
      // The filter may have changed meanwhile.
      if (address.search === wanted().search) show(text);
      else isStale = true;
      connection(isOpen() ? '' : body.dataset.polling);
    } catch {
      connection(body.dataset.lost);
    }
    isReading = false;
    if (isStale) refresh();
  };

  const wanted = () => {
    const address = new URL(location.href);
    address.searchParams.set('part', 'live');
    address.searchParams.delete('did');
    address.searchParams.delete('lang');
    return address;
  };

  // Reads the page soon. What happens until then is read with it.
  const refresh = () => {
    if (!isLive || timer || document.hidden) return;
    timer = setTimeout(read, Math.max(0, last + PAUSE - Date.now()));
  };

  // ----- the stream ------------------------------------------------------------------------------------------------

  let stream = null;
  const isOpen = () => stream !== null && stream.readyState === EventSource.OPEN;

  const listen = () => {
    if (!isLive || stream || document.hidden) return;
    stream = new EventSource(body.dataset.events);
    stream.addEventListener('open', () => connection(''));
    stream.addEventListener('happened', refresh);
    stream.addEventListener('error', () => {
      // Refused, such as when too many pages have one: tried again later.
      if (stream && stream.readyState === EventSource.CLOSED) stream = null;
      refresh();
    });
  };

  const stop = () => {
    if (stream) stream.close();
    stream = null;
  };

  setInterval(() => {
    if (!isLive || document.hidden || isOpen()) return;
    listen();
    refresh();
  }, POLL);

  // A hidden page has no stream: browsers allow only a few to one server.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      stop();
    } else {
      listen();
      refresh();
    }
  });
  addEventListener('pageshow', (event) => {
    listen();
    if (event.persisted) refresh();
  });
  addEventListener('pagehide', stop);

  // ----- the filter ------------------------------------------------------------------------------------------------

  const go = (address) => {
    history.replaceState(null, '', address);
    const language = document.querySelector('a.language');
    const other = new URL(address);
    other.searchParams.set('lang', language.hreflang);
    language.href = other.pathname + other.search;
    clearTimeout(timer);
    timer = 0;
    last = 0;
    refresh();
  };

  const filter = document.getElementById('filter');
  if (filter) {
    let typing = 0;
    const apply = () => {
      const address = new URL(filter.action);
      for (const [name, value] of new FormData(filter)) {
        if (value !== '') address.searchParams.set(name, value);
      }
      const state = new URLSearchParams(location.search).get('state');
      if (state) address.searchParams.set('state', state);
      go(address);
    };
    filter.addEventListener('input', () => {
      clearTimeout(typing);
      typing = setTimeout(apply, 150);
    });
    filter.addEventListener('submit', (event) => {
      event.preventDefault();
      apply();
    });
  }

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-filter]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const hidden = filter && filter.elements.state;
    if (hidden) hidden.remove();
    go(link.href);
  });

  // ----- copying and restoring -------------------------------------------------------------------------------------

  const enhance = (element) => {
    for (const button of element.querySelectorAll('button[data-copy]')) button.hidden = false;
    for (const live of element.querySelectorAll('[data-live]')) Array.from(live.children).forEach(remember);
  };

  document.addEventListener('click', async (event) => {
    const button = event.target.closest('button[data-copy]');
    if (!button) return;
    const code = button.parentElement.querySelector('code');
    try {
      await navigator.clipboard.writeText(code.textContent);
      said = 0;
      say(button.dataset.copy);
      button.classList.add('copied');
      setTimeout(() => button.classList.remove('copied'), MARK);
    } catch {
      // Not allowed here: it is marked, to be copied by hand.
      getSelection().selectAllChildren(code);
    }
  });

  const restore = document.getElementById('restore');
  if (restore) {
    restore.hidden = false;
    restore.addEventListener('submit', async (event) => {
      event.preventDefault();
      const file = restore.querySelector('input').files[0];
      if (!file) return;
      const headers = { 'content-type': 'application/json' };
      const response = await fetch('/_mock/restore', { method: 'POST', headers, body: file }).catch(() => null);
      const isDone = response !== null && response.ok;
      const why = response === null || isDone ? '' : ` ${(await response.json()).message}`;
      const place = document.getElementById('restored');
      place.textContent = (isDone ? restore.dataset.done : restore.dataset.failed) + why;
      place.hidden = false;
    });
  }

  enhance(document);
  tick();
  listen();
})();

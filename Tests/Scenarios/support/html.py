"""Pages as a browser without JavaScript sees them: forms, links, text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

import httpx

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        parts = [child if isinstance(child, str) else child.text for child in self.children]
        return re.sub(r"\s+", " ", "".join(parts)).strip()

    def walk(self):
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.walk() if element.tag in tags]

    def inside(self, tag: str) -> bool:
        element = self.parent
        while element is not None:
            if element.tag == tag:
                return True
            element = element.parent
        return False


class Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("root", {})
        self.current = self.root

    def handle_starttag(self, tag, attributes):
        element = Element(tag, {name: value or "" for name, value in attributes}, self.current)
        self.current.children.append(element)
        if tag not in VOID:
            self.current = element

    def handle_startendtag(self, tag, attributes):
        self.current.children.append(Element(tag, {name: value or "" for name, value in attributes}, self.current))

    def handle_endtag(self, tag):
        element = self.current
        while element.parent is not None and element.tag != tag:
            element = element.parent
        if element.tag == tag:
            self.current = element.parent

    def handle_data(self, data):
        self.current.children.append(data)


class Form:
    """A form with what it would send."""

    def __init__(self, page: Page, element: Element) -> None:
        self.page = page
        self.element = element
        self.method = element.attributes.get("method", "get").lower()
        self.action = urljoin(page.url, element.attributes.get("action") or page.url)
        self.controls: list[Element] = []
        form_id = element.attributes.get("id")
        for control in page.root.all("input", "select", "textarea", "button"):
            owner = control.attributes.get("form")
            if owner is not None:
                if form_id and owner == form_id:
                    self.controls.append(control)
            elif any(control is inner for inner in element.walk()):
                self.controls.append(control)

    @property
    def path(self) -> str:
        return urlsplit(self.action).path

    @property
    def names(self) -> set[str]:
        return {control.attributes["name"] for control in self.controls if control.attributes.get("name")}

    @property
    def buttons(self) -> list[Element]:
        return [
            control
            for control in self.controls
            if (control.tag == "button" and control.attributes.get("type", "submit") == "submit")
            or (control.tag == "input" and control.attributes.get("type") == "submit")
        ]

    def control(self, name: str) -> Element:
        for control in self.controls:
            if control.attributes.get("name") == name:
                return control
        raise AssertionError(f"no field {name!r} in {self.path}: {sorted(self.names)}")

    def pairs(self) -> list[tuple[str, str]]:
        """What it sends when nothing is changed, without its buttons."""
        pairs = []
        for control in self.controls:
            name, kind = control.attributes.get("name"), control.attributes.get("type", "text").lower()
            if not name or "disabled" in control.attributes or control.tag == "button":
                continue
            if control.tag == "input" and kind in ("submit", "button", "reset", "image", "file"):
                continue
            if control.tag == "input" and kind in ("checkbox", "radio"):
                if "checked" in control.attributes:
                    pairs.append((name, control.attributes.get("value", "on")))
            elif control.tag == "select":
                options = control.all("option")
                chosen = [option for option in options if "selected" in option.attributes] or options[:1]
                pairs += [(name, option.attributes.get("value", option.text)) for option in chosen]
            elif control.tag == "textarea":
                pairs.append((name, "".join(child for child in control.children if isinstance(child, str))))
            else:
                pairs.append((name, control.attributes.get("value", "")))
        return pairs

    def filled(self, values: dict[str, str | list[str]], button: str | None = None) -> list[tuple[str, str]]:
        pairs = [(name, value) for name, value in self.pairs() if name not in values]
        for name, value in values.items():
            pairs += [(name, each) for each in (value if isinstance(value, list) else [value])]
        if button is not None:
            for element in self.buttons:
                if button.lower() in (element.text or element.attributes.get("value", "")).lower():
                    if element.attributes.get("name"):
                        pairs.append((element.attributes["name"], element.attributes.get("value", "")))
                    break
            else:
                raise AssertionError(f"no button {button!r} in {self.path}")
        return pairs

    def submit(self, values: dict | None = None, button: str | None = None, headers: dict | None = None, **options) -> Page:
        """Sends it as a browser would; `values` must be fields that it has."""
        for name in values or {}:
            self.control(name)
        pairs = self.filled(values or {}, button)
        action = self.action
        if button is not None:
            for element in self.buttons:
                if button.lower() in (element.text or "").lower() and element.attributes.get("formaction"):
                    action = urljoin(self.page.url, element.attributes["formaction"])
        return self.page.browser.send(self.method, action, pairs, headers, **options)


class Page:
    """One answer of the console."""

    def __init__(self, browser: Browser, response: httpx.Response) -> None:
        self.browser = browser
        self.response = response
        self.url = str(response.url)
        self.status = response.status_code
        builder = Builder()
        builder.feed(response.text)
        builder.close()
        self.root = builder.root

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def text(self) -> str:
        """What a reader sees of the body."""

        def read(element: Element) -> str:
            if element.tag in ("script", "style", "template", "title"):
                return ""
            return " ".join(child if isinstance(child, str) else read(child) for child in element.children)

        return re.sub(r"\s+", " ", read(self.root)).strip()

    @property
    def title(self) -> str:
        titles = self.root.all("title")
        return titles[0].text if titles else ""

    @property
    def forms(self) -> list[Form]:
        return [Form(self, element) for element in self.root.all("form")]

    def form(self, *names: str, action: str | None = None, button: str | None = None) -> Form:
        """The one form that has these fields, this path (or path's end) and a button with these words."""
        found = []
        for form in self.forms:
            if not set(names) <= form.names:
                continue
            if action is not None and not form.path.endswith(action):
                continue
            if button is not None and not any(
                button.lower() in (each.text or each.attributes.get("value", "")).lower() for each in form.buttons
            ):
                continue
            found.append(form)
        wanted = f"form with fields {names}, action {action!r}, button {button!r}"
        have = [(form.method, form.path, sorted(form.names), [each.text for each in form.buttons]) for form in self.forms]
        assert found, f"{self.status} {self.path}: no {wanted}; it has {have}\n{self.text[:600]}"
        return found[0]

    def links(self, containing: str = "") -> list[str]:
        return [
            urljoin(self.url, element.attributes["href"])
            for element in self.root.all("a")
            if "href" in element.attributes and containing in element.attributes["href"]
        ]

    def ok(self) -> Page:
        assert self.status == 200, f"{self.status} {self.path}\n{self.text[:800]}"
        return self


class Browser:
    """A visitor with cookies who clicks links and sends forms, without JavaScript."""

    def __init__(self, url: str, *, address: str | None = None, verify=False, headers: dict[str, str] | None = None) -> None:
        self.url = url
        self.client = httpx.Client(
            base_url=url,
            transport=httpx.HTTPTransport(local_address=address, verify=verify),
            trust_env=False,
            follow_redirects=False,
            timeout=30,
            headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Scenario/1.0", "Accept": "text/html", **(headers or {})},
        )

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_) -> None:
        self.client.close()

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    def get(self, path: str, follow: bool = True, **options) -> Page:
        return self._follow(self.client.get(path, **options), follow)

    def send(
        self, method: str, url: str, pairs: list[tuple[str, str]], headers: dict | None = None, follow: bool = True
    ) -> Page:
        if method == "get":
            return self._follow(self.client.get(url, params=pairs, headers=headers), follow)
        content = urlencode(pairs).encode()
        all_headers = {
            "Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin, "Sec-Fetch-Site": "same-origin",
            **(headers or {}),
        }  # fmt: skip
        sent = {name: value for name, value in all_headers.items() if value is not None}
        return self._follow(self.client.post(url, content=content, headers=sent), follow)

    def _follow(self, response: httpx.Response, follow: bool) -> Page:
        for _ in range(10):
            if not (follow and response.is_redirect):
                return Page(self, response)
            target = urljoin(str(response.url), response.headers["location"])
            assert target.startswith(self.origin), f"redirected away to {target}"
            response = self.client.get(target)
        raise AssertionError("redirected in a circle")

    def sign_in(self, username: str, password: str) -> Page:
        form = self.get("/sign-in").ok().form("username", "password")
        return form.submit({"username": username, "password": password})

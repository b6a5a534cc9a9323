"""A page's forms, as a browser without scripts reads them, and what it says of what is wrong."""

from dataclasses import dataclass, field

from tests.page_words import Elements

TYPED = {"text", "search", "email", "tel", "url", "number", "date", "time", "textarea", "password"}
CHOSEN = {"radio", "checkbox", "select"}


@dataclass
class Control:
    """A field of a page; `value` as it would be sent or, of a choice, whether it is chosen."""

    tag: str
    attrs: dict[str, str]
    around: list[dict[str, str]]
    value: str = ""
    options: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.attrs.get("type", "text") if self.tag == "input" else self.tag

    @property
    def name(self) -> str:
        return self.attrs.get("name", "")

    @property
    def is_wrong(self) -> bool:
        return self.attrs.get("aria-invalid") == "true"


@dataclass
class Form:
    attrs: dict[str, str]
    controls: list[Control] = field(default_factory=list)
    found_on: str = ""

    @property
    def asks(self) -> list[Control]:
        """What somebody may fill in."""
        return [one for one in self.controls if one.kind in TYPED | CHOSEN and one.name]


def form_of(kept: str, page: "Page") -> Form | None:
    """The form that keeps what is typed under this name."""
    return next((form for form in page.forms if form.attrs.get("data-keep") == kept), None)


class Page(Elements):
    """Its forms, links, ids with their text, and what takes the focus."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.texts: dict[str, str] = {}
        self.around: dict[str, list[dict[str, str]]] = {}
        self.focused: list[tuple[str, dict[str, str]]] = []
        self.in_summary: list[str] = []
        self.feed(html)

    @property
    def controls(self) -> list[Control]:
        return [control for form in self.forms for control in form.controls]

    def handle_starttag(self, tag: str, told: list[tuple[str, str | None]]) -> None:
        attrs = {name: value or "" for name, value in told}
        if any(name == "template" for name, _attrs in self.open):
            return
        around = [attrs for _tag, attrs in self.open]
        if "id" in attrs:
            assert attrs["id"] not in self.texts, f"two elements are called {attrs['id']}"
            self.texts[attrs["id"]] = ""
            self.around[attrs["id"]] = [*around, attrs]
        if "autofocus" in attrs:
            self.focused.append((tag, attrs))
        if tag == "a":
            self.links.append(attrs.get("href", ""))
            if any(each.get("id") == "problems" for each in around):
                self.in_summary.append(attrs.get("href", ""))
        if tag == "form":
            self.forms.append(Form(attrs))
        if self.forms and tag in ("input", "textarea", "select", "button"):
            control = Control(tag, attrs, around, attrs.get("value", ""))
            if control.kind in ("radio", "checkbox"):
                control.value = attrs.get("value", "on")
            self.forms[-1].controls.append(control)
        if tag == "option" and self.forms:
            self.forms[-1].controls[-1].options.append(attrs.get("value", ""))
            if "selected" in attrs:
                self.forms[-1].controls[-1].value = attrs.get("value", "")
        super().handle_starttag(tag, told)

    def handle_data(self, data: str) -> None:
        for tag, attrs in self.open:
            if attrs.get("id") in self.texts:
                self.texts[attrs["id"]] += data
            if tag == "textarea" and self.open[-1][0] == "textarea":
                self.forms[-1].controls[-1].value += data

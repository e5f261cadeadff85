import Hummingbird
import Model
import Web

/// Entries of the rail.
enum RailEntry: Sendable {
    case home, users, groups, services, assignments, auditLog, account, help
    case roles, permissions, explorer, resourceTypes, catalogs
}

/// A step of the breadcrumb; without a path where there is no page above.
struct Crumb: Sendable {
    let title: String
    let path: Path?

    init(_ title: String, _ path: Path? = nil) {
        self.title = title
        self.path = path
    }
}

/// What stands above a page's content.
struct PageHead: Sendable {
    var title: String
    /// One sentence that says what the thing is.
    var sentence: String?
    /// Which entry of the rail is lit.
    var entry: RailEntry?
    var crumbs: [Crumb]
    /// The one primary action, at the right.
    var action: HTML?
    /// The fold at the foot.
    var same: SameAs?

    init(
        _ title: String, sentence: String? = nil, entry: RailEntry? = nil, crumbs: [Crumb] = [], action: HTML? = nil,
        same: SameAs? = nil
    ) {
        self.title = title
        self.sentence = sentence
        self.entry = entry
        self.crumbs = crumbs
        self.action = action
        self.same = same
    }
}

extension ConsoleServices {
    /// A page in the frame, for somebody signed in.
    func page(
        _ call: Call, _ head: PageHead, status: HTTPResponse.Status = .ok, @HTMLBuilder content: () throws -> HTML
    ) async throws -> Response {
        let viewer = try await viewer(call)
        let body = try content()
        let html = Frame.page(call, viewer: viewer, head: head, content: body)
        return call.clearingFlash(.html(status, html.bytes))
    }

    /// A page without the rail: signing in, setting up. Sets the cookie its form needs.
    func barePage(
        _ call: Call, title: String, status: HTTPResponse.Status = .ok, isWide: Bool = false,
        @HTMLBuilder content: () throws -> HTML
    ) rethrows -> Response {
        let body = try content()
        let html = Frame.bare(
            title: title, theme: call.theme, switcher: Frame.themeSwitch(call), isWide: isWide, content: body)
        return call.withFormCookie(.html(status, html.bytes))
    }
}

/// The document around every page.
enum Frame {
    static func page(_ call: Call, viewer: Viewer, head: PageHead, content: HTML) -> HTML {
        document(title: head.title, theme: call.theme, bodyClass: "framed") {
            link(Texts.Frame.skip, to: .fragment("content"), .class("skip"))
            rail(call, viewer: viewer, current: head.entry)
            mainElement(.id("content"), Attribute("tabindex", "-1")) {
                breadcrumb(head.crumbs)
                header(.class("page-head")) {
                    div {
                        h1(head.title)
                        if let sentence = head.sentence { p(sentence) }
                    }
                    if let action = head.action { div(.class("buttons")) { action } }
                }
                content
                if let same = head.same { sameAs(same) }
                pageFooter(call)
            }
            if let flash = call.flash { toast(flash, dismiss: call.here) }
        }
    }

    static func bare(title: String, theme: Theme, switcher: HTML?, isWide: Bool = false, content: HTML) -> HTML {
        document(title: title, theme: theme, bodyClass: "bare") {
            link(Texts.Frame.skip, to: .fragment("content"), .class("skip"))
            mainElement(.id("content"), .class(isWide ? "wide" : ""), Attribute("tabindex", "-1")) {
                div(.class("brand")) {
                    Icon.mark
                    Texts.product
                }
                content
            }
            footer(.class("bare-foot")) {
                span(Texts.Frame.footer)
                switcher
            }
        }
    }

    private static func document(
        title: String, theme: Theme, bodyClass: String, @HTMLBuilder content: () -> HTML
    ) -> HTML {
        var page = HTML.raw("<!doctype html>\n")
        let head = HTML.element(
            "head", [],
            HTML {
                HTML.raw(
                    "<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                )
                HTML.raw("<meta name=\"color-scheme\" content=\"light dark\">")
                HTML.element("title", [], HTML(Texts.Frame.title(title)))
                HTML.element(
                    "link", [Attribute("rel", "icon"), Attribute("type", "image/svg+xml"), .href(Assets.shared.mark.path)], nil)
                HTML.element("link", [Attribute("rel", "stylesheet"), .href(Assets.shared.styles.path)], nil)
                HTML.element("script", [.src(Assets.shared.script.path), Attribute("defer")], .empty)
            })
        let body = HTML.element("body", [.class(bodyClass)], content())
        page.append(
            .element(
                "html", [Attribute("lang", "en"), .when(theme != .system, Attribute("data-theme", theme.rawValue))],
                HTML {
                    head
                    body
                }))
        return page
    }

    // MARK: Rail

    private static func rail(_ call: Call, viewer: Viewer, current: RailEntry?) -> HTML {
        header(.class("rail")) {
            link(call.to("/"), .class("brand")) {
                Icon.mark
                span(Texts.product)
            }
            // Only the switch: what it opens follows it, so that wide screens show it always and need no script.
            details(.class("menu")) {
                summary(.class("button")) {
                    Icon.menu
                    Texts.Frame.menu
                }
            }
            div(.class("rail-body")) {
                if call.realm != .main { p(Texts.Frame.realm(call.realm.text), .class("realm")) }
                searchBox(call)
                nav(.label(Texts.Frame.navigation)) {
                    entry(Texts.Frame.home, call.to("/"), current == .home)
                    for section in sections(call) {
                        let offered = section.entries.filter { viewer.offered.contains($0.entry) }
                        if !offered.isEmpty {
                            p(section.title, .class("rail-head"))
                            for item in offered { entry(item.title, item.path, current == item.entry) }
                        }
                    }
                }
                div(.class("rail-foot")) {
                    themeSwitch(call)
                    me(call, viewer: viewer, isCurrent: current == .account)
                }
            }
        }
    }

    private typealias Section = (title: String, entries: [(entry: RailEntry, title: String, path: Path)])

    /// Everything the rail can hold below Home; `Viewer.offered` says what of it this viewer may open.
    private static func sections(_ call: Call) -> [Section] {
        [
            (
                Texts.Frame.directory,
                [
                    (.users, Texts.Frame.users, call.to("/users")), (.groups, Texts.Frame.groups, call.to("/groups")),
                    (.services, Texts.Frame.services, call.to("/services")),
                ]
            ),
            (
                Texts.Frame.access,
                [
                    (.roles, Texts.Roles.title, call.to("/roles")),
                    (.assignments, Texts.Frame.assignments, call.to("/role-assignments")),
                    (.permissions, Texts.Flat.title, call.to("/permissions")),
                    (.explorer, Texts.Explorer.entry, call.to("/explorer")),
                    (.resourceTypes, Texts.Types.title, call.to("/resource-types")),
                    (.catalogs, Texts.Catalogs.title, call.to("/catalogs")),
                ]
            ),
            (Texts.Frame.watch, [(.auditLog, Texts.Frame.auditLog, call.to("/audit"))]),
        ]
    }

    private static func entry(_ title: String, _ path: Path, _ isCurrent: Bool) -> HTML {
        link(title, to: path, .class("entry"), .when(isCurrent, .current))
    }

    private static func searchBox(_ call: Call) -> HTML {
        getForm(to: call.to("/search"), .class("search everywhere"), .role("search"), .label(Texts.Frame.search)) {
            Icon.search
            input(
                .type("search"), .name("q"), .label(Texts.Frame.search), Attribute("placeholder", Texts.Frame.searchButton),
                Attribute("autocomplete", "off"), Attribute("spellcheck", "false"), .data("data-search"),
                Attribute("aria-keyshortcuts", "/ Control+K"))
            kbd(Texts.Frame.searchKey, .hiddenFromReaders)
        }
    }

    private static func me(_ call: Call, viewer: Viewer, isCurrent: Bool) -> HTML {
        div(.class("me")) {
            link(call.to("/account"), .class("who"), .title(Texts.Frame.account), .when(isCurrent, .current)) {
                avatar(viewer.name)
                span {
                    strong { bdi(viewer.name) }
                    small(Texts.Frame.account)
                }
            }
            actionButton(Texts.Frame.signOut, to: call.to("/sign-out"), csrf: call.csrfToken, .quiet)
        }
    }

    /// Three buttons that post; the choice comes back as an attribute of the document, so nothing flashes.
    static func themeSwitch(_ call: Call) -> HTML {
        HTML.element(
            "form",
            [
                Attribute("method", "post"), .action(call.to("/theme")), .class("theme"),
            ],
            HTML {
                hiddenField("csrf", call.csrfToken)
                hiddenField("back", call.here.text)
                div(.role("group"), .label(Texts.Frame.theme)) {
                    themeButton(.light, Texts.Frame.themeLight, Icon.light, current: call.theme)
                    themeButton(.dark, Texts.Frame.themeDark, Icon.dark, current: call.theme)
                    themeButton(.system, Texts.Frame.themeSystem, Icon.system, current: call.theme)
                }
            })
    }

    private static func themeButton(_ theme: Theme, _ title: String, _ icon: HTML, current: Theme) -> HTML {
        button(
            .type("submit"), .name("theme"), .value(theme.rawValue), .label(title), .title(title),
            Attribute("aria-pressed", theme == current ? "true" : "false")
        ) { icon }
    }

    // MARK: Page

    private static func breadcrumb(_ crumbs: [Crumb]) -> HTML? {
        guard !crumbs.isEmpty else { return nil }
        return nav(.class("crumbs"), .label(Texts.Frame.breadcrumb)) {
            ol {
                for crumb in crumbs {
                    li {
                        if let path = crumb.path { link(crumb.title, to: path) } else { span(crumb.title) }
                    }
                }
            }
        }
    }

    private static func pageFooter(_ call: Call) -> HTML {
        footer(.class("page-foot")) {
            span(Texts.Frame.footer)
            link(Texts.Frame.help, to: call.to("/help"))
            link(Texts.Frame.api, to: call.to("/help/api"))
        }
    }

    /// Says once what was done. Dismissing reloads the page without it; the script just takes it away.
    static func toast(_ flash: Flash, dismiss: Path, isInPlace: Bool = false) -> HTML {
        div(.class("toast \(flash.tone.rawValue)\(isInPlace ? " in-place" : "")"), .role("status"), .data("data-toast")) {
            flash.tone == .good ? Icon.tick : Icon.warning
            span(flash.text)
            link(dismiss, .class("button quiet"), .label(Texts.Frame.dismiss), .data("data-dismiss")) { Icon.cross }
        }
    }
}

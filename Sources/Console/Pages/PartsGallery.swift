import Access
import Hummingbird
import Model
import Web

/// `/help/parts`: every part once, with its name. What is shown here is sample text, and its buttons lead nowhere but here.
struct PartsGallery: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/help/parts") { try await page($0) },
            Route(.post, "/help/parts") { try await sample($0) },
        ]
    }

    /// The samples' buttons: nothing happens, and a toast says so.
    private func sample(_ call: Call) async throws -> Response {
        try call.checkForgery(try await call.form())
        return call.redirect(to: call.to("/help/parts"), flash: .good(Texts.Gallery.onlyASample))
    }

    private func page(_ call: Call) async throws -> Response {
        let here = call.to("/help/parts")
        let head = PageHead(
            Texts.Gallery.title, sentence: Texts.Gallery.sentence, entry: .help,
            crumbs: [Crumb(Texts.Help.title, call.to("/help"))],
            action: linkButton("Primary action", to: here, .primary),
            same: SameAs(command: "gatehouse user list --status active", call: "GET /api/v1/users?filter=status eq \"active\""))
        return try await services.page(call, head) {
            Self.content(call, here: here, now: services.clock.now())
        }
    }

    /// All parts, in groups that keep each expression small.
    static func content(_ call: Call, here: Path, now: Timestamp) -> HTML {
        HTML {
            colours()
            buttons(call, here: here)
            fields(call, here: here)
            marks()
            lists(call, here: here, now: now)
            overlays(call, here: here)
            reading(now: now)
            charts(here: here)
            explanation(here: here)
            permissions(call, here: here)
        }
    }

    private static func part(_ name: String, _ sentence: String, @HTMLBuilder content: () -> HTML) -> HTML {
        section(.class("part")) {
            h2(name)
            p(sentence, .class("muted"))
            content()
        }
    }

    private static func colours() -> HTML {
        part("Colours", "Tones say what something means, each with a light and a dark value. Never the only sign of anything.") {
            buttonRow {
                tag("plain")
                tag("accent", .accent)
                tag("good", .good)
                tag("warn", .warn)
                tag("bad", .bad)
                tag("idle", .idle)
            }
        }
    }

    private static func buttons(_ call: Call, here: Path) -> HTML {
        part("Button", "Says what it does. One primary action a page; danger for what hurts.") {
            buttonRow {
                linkButton("Create user", to: here, .primary)
                linkButton("Edit", to: here)
                linkButton("Delete user", to: here, .danger)
                linkButton("Delete 3 users", to: here, .destructive)
                linkButton("Quiet", to: here, .quiet)
            }
        }
    }

    private static func fields(_ call: Call, here: Path) -> HTML {
        let errors = FormErrors([
            FieldError(
                field: "sample-taken", code: "conflict",
                message: "That name is taken. Choose another, or open the user who has it.")
        ])
        return part("Form", "One column; label above, error beside its field and in a summary that links to it.") {
            postForm(call, to: here, .class("form")) {
                errorSummary(errors, takesFocus: false)
                textField(
                    "sample-taken", label: "Text field", value: "ann", hint: "With a hint above and an error below.",
                    errors: errors, monospaced: true)
                textField("sample-email", label: "E-mail", type: .email, required: false, check: .email)
                passwordField(
                    "sample-password", label: "Password field", hint: Texts.SignIn.passwordHint, isNew: true,
                    advice: call.to("/password-advice"))
                findField(
                    "sample-find", label: "Find field", hint: "Names are offered while you type.", errors: errors,
                    path: call.to("/find").query("kind", "user"), suggestions: ["ann", "bo.lind"], required: false)
                timeField("sample-time", label: "Time field", value: "2026-11-21T18:00", errors: errors)
                textAreaField(
                    "sample-text", label: "Text area", hint: "For several lines.", rows: 3, required: false, monospaced: true)
                fileField("sample-file", label: "File", hint: "In a fileForm, as its last field.", required: false)
                selectField(
                    "sample-select", label: "Select",
                    choices: [SelectChoice("active", "Active"), SelectChoice("disabled", "Disabled")], selected: "disabled")
                checkbox(
                    "sample-check", label: "Must choose a new one at the next sign-in", isChecked: true,
                    hint: "A checkbox: its whole line can be clicked.")
            }
        }
    }

    private static func marks() -> HTML {
        HTML {
            part("Tag, status, avatar", "A state is a sign and a word, never a colour alone.") {
                div(.class("buttons")) {
                    tag("owner")
                    tag("this one", .accent)
                    tag("new", .good)
                    tag("expires soon", .warn)
                    tag("expired", .bad)
                }
                div(.class("buttons spaced-above")) {
                    statusDot("Active", .good)
                    statusDot("Invited", .warn)
                    statusDot("Locked", .bad)
                    statusDot("Disabled", .idle)
                }
                div(.class("buttons spaced-above")) {
                    avatar("Ann Berg")
                    avatar("ann.berg", isLarge: true)
                    person("Chidi Okafor", detail: "chidi · chidi@plant7.example", to: nil)
                }
            }
        }
    }

    private struct Row {
        let name: String
        let username: String
        let status: HTML
        let seen: Timestamp?
        let sessions: Int
    }

    private static func lists(_ call: Call, here: Path, now: Timestamp) -> HTML {
        let view = ListView(at: here, fields: [("status", "active"), ("q", "berg"), ("sort", "name")])
        let rows = [
            Row(
                name: "Ann Berg", username: "ann", status: statusDot("Active", .good), seen: now.adding(seconds: -240),
                sessions: 3),
            Row(name: "Bo Lind", username: "bo.lind", status: statusDot("Invited", .warn), seen: nil, sessions: 0),
            Row(
                name: "Chidi Okafor", username: "chidi", status: statusDot("Locked", .bad),
                seen: now.adding(seconds: -90_000), sessions: 1),
            Row(
                name: "Dora Weiss", username: "dora", status: statusDot("Disabled", .idle),
                seen: now.adding(seconds: -7_000_000), sessions: 0),
        ]
        let columns: [Column<Row>] = [
            Column("Name", .main, sort: "name") { person($0.name, detail: $0.username, to: here) },
            Column("Status", sort: "status") { $0.status },
            Column("Last sign-in", sort: "lastSignInAt") { relativeTime($0.seen, now: now) },
            Column("Sessions", .number) { HTML(grouped($0.sessions)) },
        ]
        let selection = Selection<Row>(
            to: here, buttons: [("disable", "Disable", .plain), ("delete", "Delete", .danger)], id: { $0.username },
            name: { $0.name })
        let page = Page(items: rows, limit: 25, total: 1203, position: 0, nextCursor: "next", previousCursor: nil)
        return part("Filter bar, table, pagination", "All of it lives in the address. Choose a row to see the bulk actions.") {
            filterBar(
                view: view, search: "Search users", placeholder: "Name, user name or e-mail",
                choices: [FilterChoice("status", label: "Status", choices: [SelectChoice("active", "Active")])],
                chips: [
                    FilterChip("Status: active", without: view.with("status", nil)),
                    FilterChip("Search: berg", without: view.with("q", nil)),
                ])
            dataTable(
                rows, caption: "Sample users", columns: columns, view: view, sort: "name", selection: selection,
                menu: { _ in [MenuItem("Open", to: here), MenuItem("All parts", to: here, .danger)] })
            pagination(page, view: view)
            h3("Tabs")
            tabs(
                [Tab("Profile", to: here, isCurrent: true), Tab("Sessions", to: here), Tab("What happened", to: here)],
                label: "Sample tabs")
        }
    }

    private static func overlays(_ call: Call, here: Path) -> HTML {
        part("Dialog, toast", "A question names the object and the consequences in numbers; cancel has the focus.") {
            div(.class("dialog-shown")) {
                confirmation(
                    Confirmation(
                        title: "Delete Ann Berg?", button: "Delete Ann Berg", action: here, cancel: here, takesFocus: false),
                    call: call
                ) {
                    p(
                        "She is signed out at once and cannot sign in again. With her go 3 sessions, 2 groups and 5 authorizations."
                    )
                }
            }
            div(.class("spaced-above")) {
                Frame.toast(.good("Ann Berg is created."), dismiss: here, isInPlace: true)
            }
        }
    }

    private static func reading(now: Timestamp) -> HTML {
        HTML {
            part("Callout", "What must not be missed.") {
                callout("Good to know", text: "Every change here is also in the audit log.")
                callout("Done", .good, text: "The record is intact from its first event to its last.")
                callout("Look at this", .warn, text: "Three accounts have been locked in the last hour.")
                callout("It did not work", .bad, text: "The disk is full, so nothing was saved. Make room, then try again.")
            }
            part("Key-value list, code block, timeline", "Facts, text for machines, and what happened.") {
                keyValues {
                    fact("User name", "ann")
                    fact("E-mail", "ann.berg@acme.example")
                    fact("Status") { statusDot("Active", .good) }
                    fact("Created") { exactTime(now) }
                }
                codeBlock("gatehouse user create ann --name \"Ann Berg\"", label: "As a command")
                h3("Timeline")
                timeline(
                    [
                        TimelineEntry(
                            time: now.adding(seconds: -60), tone: .good, title: HTML("Signed in"),
                            detail: HTML("Firefox on Linux")),
                        TimelineEntry(time: now.adding(seconds: -4000), tone: .bad, title: HTML("Sign-in failed")),
                        TimelineEntry(time: now.adding(seconds: -90_000), title: HTML("Created by root.admin")),
                    ], now: now)
            }
            part("Empty state, skeleton, progress bar", "Nothing yet, not yet, and how far.") {
                emptyState(
                    "No users yet", sentence: "People who can sign in appear here. Create the first one, or import a file.")
                skeleton()
                div(.class("spaced-above")) { progressBar(300, of: 1203, label: "Importing users") }
            }
        }
    }

    private static func charts(here: Path) -> HTML {
        part("Figure, sparkline, bars", "Drawn on the server, with the numbers beside them.") {
            figures {
                figure("1,203", label: "Users", to: here)
                figure("86", label: "Signed in today", chart: sparkline([3, 8, 5, 12, 9, 14, 22, 18], label: "Sign-ins by hour"))
                figure("4", label: "Locked", tone: .bad)
            }
            barChart(
                [Bar("Active", 1100), Bar("Invited", 60, tone: .warn), Bar("Disabled", 43, tone: .idle)], label: "Users by status"
            )
        }
    }

    private static func explanation(here: Path) -> HTML {
        part("Path diagram", "How somebody comes by something, or where it breaks off.") {
            verdict(isAllowed: false, word: "Denied", sentence: "No permission covers it. One comes close:")
            pathDiagram(
                [
                    PathNode("user", "Chidi Okafor", to: here), PathNode("group", "Plant 7 crew", to: here),
                    PathNode("role", "plant-operator", to: here, state: .fits, word: "held"),
                    PathNode("permission", "subscribe plant/7/#", state: .misses, word: "action differs", isMonospaced: true),
                    PathNode("resource", "plant/7/press/set", isMonospaced: true),
                ], label: "From the person to the resource")
        }
    }

    private static func permissions(_ call: Call, here: Path) -> HTML {
        let types = ResourceType.builtInRuntime
        let editor = PermissionEditor(
            [
                Permission(resourceType: "http-endpoint", match: .id("/orders"), actions: ["read"]),
                Permission(effect: .deny, resourceType: "mqtt-topic", match: .id("plant/7/press"), actions: ["publish"]),
            ], open: 1)
        let view = PermissionEditorView(
            editor: editor, words: PermissionWords(types), types: types, allowsScopes: true,
            check: PermissionCheck(
                editor.rows[1], types: PermissionWords(types).types, allowsScopes: true), registered: nil)
        return part("Permission editor", "Permissions as sentences; one of them is open, and says what it would match.") {
            postForm(call, to: here, .class("form wide")) { view.markup() }
        }
    }
}

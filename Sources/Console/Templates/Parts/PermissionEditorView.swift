import Access
import Model

/// How a permission editor is shown: the sentences, the open row, and what it would match.
struct PermissionEditorView {
    let editor: PermissionEditor
    let words: PermissionWords
    /// In the order of the choices.
    let types: [ResourceType]
    /// Roles may say in which kinds of scope a permission counts.
    let allowsScopes: Bool
    let check: PermissionCheck?
    /// Registered resources of the open row's type, as far as they were read; `nil` where there are none to read.
    let registered: RegisteredMatches?

    func markup(errors: FormErrors = .none) -> HTML {
        div(.class("permissions"), .data("data-editor")) {
            // What Enter does in a field of the open row.
            button(
                Texts.Permissions.check, .type("submit"), .class("unseen"), .name(PermissionEditor.button), .value("check"),
                Attribute("tabindex", "-1"), .hiddenFromReaders)
            hiddenField(PermissionEditor.field("rows"), JSONValue.array(editor.rows.map(\.json)).text)
            if let open = editor.open { hiddenField(PermissionEditor.field("open"), String(open)) }
            if let message = errors["permissions"] { p(message, .class("error"), .id(fieldID("permissions"))) }
            if editor.rows.isEmpty { p(Texts.Permissions.none, .class("muted")) }
            ol(.class("permission-rows")) {
                for (index, row) in editor.rows.enumerated() {
                    li(.class(index == editor.open ? "permission open" : "permission")) {
                        if index == editor.open { openRow(index, row, errors: errors) } else { closedRow(index, row) }
                    }
                }
            }
            buttonRow { stepButton("add", Texts.Permissions.add) }
        }
    }

    private func stepButton(_ value: String, _ title: String, _ kind: ButtonKind = .plain, label: String? = nil) -> HTML {
        submitButton(
            title, kind, .name(PermissionEditor.button), .value(value), .optional("aria-label", label), .id("step-\(value)"),
            .data("data-step"))
    }

    private func closedRow(_ index: Int, _ row: PermissionDraft) -> HTML {
        HTML {
            div(.class("permission-words")) { words.sentence(row) }
            div(.class("buttons")) {
                stepButton("edit.\(index)", Texts.Permissions.edit, .quiet, label: Texts.Permissions.editRow(index + 1))
                stepButton("remove.\(index)", Texts.Permissions.remove, .quiet, label: Texts.Permissions.removeRow(index + 1))
            }
        }
    }

    // MARK: The open row

    private func openRow(_ index: Int, _ row: PermissionDraft, errors: FormErrors) -> HTML {
        fieldset {
            legend(Texts.Permissions.row(index + 1))
            div(.class("permission-line")) {
                selectField(
                    PermissionEditor.field("effect"), label: Texts.Permissions.effect,
                    choices: [
                        SelectChoice("allow", Texts.Permissions.allow), SelectChoice("deny", Texts.Permissions.deny),
                    ], selected: row.effect, errors: errors)
                typeField(row, errors: errors)
                selectField(
                    PermissionEditor.field("match"), label: Texts.Permissions.match,
                    choices: [
                        SelectChoice("any", Texts.Permissions.matchAny), SelectChoice("id", Texts.Permissions.matchID),
                        SelectChoice("pattern", Texts.Permissions.matchPattern),
                        SelectChoice("property", Texts.Permissions.matchProperty),
                    ], selected: row.match, errors: errors)
            }
            matchFields(row, errors: errors)
            actionFields(row, errors: errors)
            moreFields(row, errors: errors)
            checkFields(row)
            div(.class("buttons")) {
                stepButton("close", Texts.Permissions.close)
                stepButton("remove.\(index)", Texts.Permissions.remove, .quiet, label: Texts.Permissions.removeRow(index + 1))
            }
        }
    }

    private func typeField(_ row: PermissionDraft, errors: FormErrors) -> HTML {
        let name = PermissionEditor.field("resourceType")
        let message = errors[name]
        return div(.class(message == nil ? "field" : "field wrong")) {
            label(Texts.Permissions.type, .for(fieldID(name)))
            div(.class("with-step")) {
                typeSelect(row, name: name, isWrong: message != nil)
                // Without script the actions come with this button; with it, by choosing.
                submitButton(
                    Texts.Permissions.showActions, .plain, .name(PermissionEditor.button), .value("check"),
                    .data("data-redundant"))
            }
            p(message ?? "", .class("error"), .id("error-\(name)"), .when(message == nil, .hidden))
        }
    }

    private func typeSelect(_ row: PermissionDraft, name: String, isWrong: Bool) -> HTML {
        select(
            .id(fieldID(name)), .name(name), .describedBy("error-\(name)"), .data("data-redraw"),
            .when(isWrong, Attribute("aria-invalid", "true")), .when(row.isUntouched, Attribute("autofocus"))
        ) {
            option(Texts.Permissions.chooseType, .value(""), .when(row.resourceType.isEmpty, .selected))
            for plane in [ResourceType.Plane.runtime, .management] {
                HTML.element(
                    "optgroup",
                    [.optional("label", plane == .runtime ? Texts.Permissions.runtime : Texts.Permissions.management)],
                    HTML {
                        for type in types where type.plane == plane {
                            option(
                                type.name == type.id ? type.id : Texts.Permissions.typeChoice(type.name, type.id),
                                .value(type.id), .when(type.id == row.resourceType, .selected))
                        }
                    })
            }
            if !row.resourceType.isEmpty, words.types[row.resourceType] == nil {
                option(row.resourceType, .value(row.resourceType), .selected)
            }
        }
    }

    /// All three stand in the page; the style sheet shows the one that belongs to the chosen match.
    private func matchFields(_ row: PermissionDraft, errors: FormErrors) -> HTML {
        let syntax = words.types[row.resourceType]?.syntax
        return HTML {
            div(.class("for-resource")) {
                textField(
                    PermissionEditor.field("resource"), label: Texts.Permissions.resource, value: row.resource,
                    hint: Texts.Permissions.patternHint(syntax), errors: errors, autocomplete: "off", monospaced: true)
            }
            div(.class("for-property permission-line")) {
                textField(
                    PermissionEditor.field("property"), label: Texts.Permissions.property, value: row.property,
                    hint: Texts.Permissions.propertyHint, errors: errors, autocomplete: "off", monospaced: true)
                textField(
                    PermissionEditor.field("subject"), label: Texts.Permissions.subject, value: row.subject,
                    hint: Texts.Permissions.subjectHint, errors: errors, autocomplete: "off", monospaced: true)
            }
        }
    }

    private func actionFields(_ row: PermissionDraft, errors: FormErrors) -> HTML {
        let name = PermissionEditor.field("actions")
        let message = errors[name]
        let known = words.types[row.resourceType]?.actions ?? []
        // What the type has lost since stays visible, so that it can be taken out.
        let gone = row.actions.filter { action in action != Permission.wildcard && !known.contains { $0.id == action } }
        return fieldset(.class(message == nil ? "actions" : "actions wrong"), .id(fieldID(name))) {
            legend(Texts.Permissions.actions)
            if let message { p(message, .class("error")) }
            if known.isEmpty, gone.isEmpty {
                p(Texts.Permissions.chooseTypeFirst, .class("muted"))
            } else {
                div(.class("action-list")) {
                    actionBox(Permission.wildcard, Texts.Permissions.allActions, note: nil, row)
                    for action in known {
                        actionBox(
                            action.id, action.id,
                            note: action.includes.isEmpty ? nil : Texts.Permissions.includesActions(action.includes), row)
                    }
                    for action in gone { actionBox(action, action, note: Texts.Permissions.goneAction, row) }
                }
            }
        }
    }

    private func actionBox(_ id: String, _ title: String, note: String?, _ row: PermissionDraft) -> HTML {
        label {
            input(
                .type("checkbox"), .name(PermissionEditor.field("actions[]")), .value(id),
                .when(row.actions.contains(id), .checked))
            span {
                title
                if let note { small(note, .class("muted")) }
            }
        }
    }

    private func moreFields(_ row: PermissionDraft, errors: FormErrors) -> HTML {
        let isUsed =
            !row.condition.isEmpty || !row.scopes.isEmpty || errors[PermissionEditor.field("condition")] != nil
            || errors[PermissionEditor.field("scopes")] != nil
        return details(.class("more-fields"), .when(isUsed, .open)) {
            summary(allowsScopes ? Texts.Permissions.more : Texts.Permissions.moreCondition)
            textField(
                PermissionEditor.field("condition"), label: Texts.Permissions.conditionLabel, value: row.condition,
                hint: Texts.Permissions.conditionHint, errors: errors, autocomplete: "off", required: false, monospaced: true)
            if allowsScopes {
                fieldset(.class("actions")) {
                    legend(Texts.Permissions.scopes)
                    p(Texts.Permissions.scopesHint, .class("hint"))
                    div(.class("action-list")) {
                        for kind in Scope.Kind.allCases {
                            label {
                                input(
                                    .type("checkbox"), .name(PermissionEditor.field("scopes[]")), .value(kind.rawValue),
                                    .when(row.scopes.contains(kind.rawValue), .checked))
                                span(PermissionWords.scopeKind(kind.rawValue))
                            }
                        }
                    }
                }
            }
        }
    }

    // MARK: What it would match

    private func checkFields(_ row: PermissionDraft) -> HTML? {
        guard let check, let type = check.type else { return nil }
        let probe = editor.probe
        return div(.class("trial")) {
            h3(Texts.Permissions.tryIt)
            div(.class("permission-line")) {
                probeField(
                    "probe", Texts.Permissions.exampleID, probe.resource, placeholder: Texts.Permissions.example(type.syntax))
                selectField(
                    PermissionEditor.field("probeAction"), label: Texts.Permissions.exampleAction,
                    choices: [SelectChoice("", Texts.Permissions.anyChosen)] + type.actions.map { SelectChoice($0.id, $0.id) },
                    selected: probe.action)
                if check.usesUsername {
                    probeField("probeUsername", Texts.Permissions.exampleUsername, probe.username, placeholder: "ann")
                }
                submitButton(
                    Texts.Permissions.check, .plain, .name(PermissionEditor.button), .value("check"), .data("data-step"),
                    .id("step-check"))
            }
            if !check.properties.isEmpty {
                textAreaField(
                    PermissionEditor.field("probeProperties"), label: Texts.Permissions.exampleProperties,
                    value: probe.properties,
                    hint: Texts.Permissions.propertiesHint(check.properties.sorted()), rows: 2, required: false, monospaced: true)
            }
            div(.class("checked"), .data("data-checked"), Attribute("aria-live", "polite")) { answers(check, probe) }
        }
    }

    private func probeField(_ name: String, _ title: String, _ value: String, placeholder: String) -> HTML {
        textField(
            PermissionEditor.field(name), label: title, value: value, autocomplete: "off", required: false, monospaced: true,
            placeholder: placeholder)
    }

    private func answers(_ check: PermissionCheck, _ probe: PermissionProbe) -> HTML {
        HTML {
            if check.permission == nil {
                p(check.problems.first?.message ?? Texts.Permissions.unfinished, .class("muted"))
            } else {
                if let verdict = check.ask(probe) { answer(verdict, probe) }
                if check.dependsOnHolder { p(Texts.Permissions.dependsOnHolder, .class("muted")) }
                if let registered { registeredWords(registered) }
            }
        }
    }

    private func answer(_ verdict: PermissionCheck.Verdict, _ probe: PermissionProbe) -> HTML {
        p(.class(verdict == .fits ? "sign yes" : "sign no")) {
            verdict == .fits ? Icon.tick : Icon.cross
            span {
                strong(verdict == .fits ? Texts.Permissions.fits : Texts.Permissions.fitsNot)
                " "
                code(probe.resource)
                if let why = Texts.Permissions.why(verdict) { ": " + why }
            }
        }
    }

    private func registeredWords(_ registered: RegisteredMatches) -> HTML {
        p(.class("muted")) {
            Texts.Permissions.registered(registered.ids.count, of: registered.looked, more: registered.hasMore)
            for id in registered.ids.prefix(RegisteredMatches.shown) {
                " "
                code(id)
            }
            if registered.ids.count > RegisteredMatches.shown { " …" }
        }
    }
}

/// Registered resources that the open row matches.
struct RegisteredMatches: Sendable {
    static let shown = 5

    let ids: [String]
    /// How many were looked at.
    let looked: Int
    let hasMore: Bool
}

import Access
import Grants
import Model

/// What reaches somebody, grouped by resource type, each with the way it comes by.
func effectiveAccess(_ entries: [PermissionEntry], words: PermissionWords, parties: Parties) -> HTML {
    var order: [String] = []
    var byType: [String: [PermissionEntry]] = [:]
    for entry in entries {
        let type = entry.access.permission.resourceType
        if byType[type] == nil { order.append(type) }
        byType[type, default: []].append(entry)
    }
    return HTML {
        for type in order {
            section(.class("access-type")) {
                h3(type == Permission.wildcard ? Texts.Permissions.allTypes : words.typeName(type))
                accessTable(byType[type] ?? [], words: words, parties: parties)
            }
        }
    }
}

/// The permissions of one holder.
func accessTable(_ entries: [PermissionEntry], words: PermissionWords, parties: Parties) -> HTML {
    dataTable(
        entries, caption: Texts.Explorer.effective,
        columns: [
            Column(Texts.Flat.what, .main) { entry in words.sentence(entry.access.permission) },
            Column(Texts.Flat.through) { entry in wayWords(entry.access, parties: parties) },
            Column(Texts.Flat.reaches, .secondary) { entry in parties.scope(entry.access.grant.scope) },
        ])
}

/// The way from the holder to the permission, as links: group → role.
func wayWords(_ access: HeldAccess, parties: Parties) -> HTML {
    // The first step is whoever is asked about.
    let steps = access.path.dropFirst()
    if steps.isEmpty { return span(Texts.Flat.directly, .class("muted")) }
    return span(.class("way")) {
        for (index, step) in steps.enumerated() {
            if index > 0 { " → " }
            stepLink(step, parties: parties)
        }
    }
}

/// A step of a way: by its name, and as a link where the viewer may see it.
func stepLink(_ step: Reason.Step, parties: Parties) -> HTML {
    if step.kind == "role" { return parties.roleLink(step.id) }
    guard let kind = PrincipalKind(rawValue: step.kind) else { return bdi(step.name) }
    return parties.nameLink(PrincipalReference(kind: kind, id: EntityID(trusted: step.id)))
}

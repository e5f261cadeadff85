import Access
import Grants
import Model
import Web

/// The answer of the explorer: a verdict, the ways to the permissions that led to it, what comes close, and the smallest change.
struct ExplanationView {
    private static let shownReasons = 5
    private static let shownMisses = 3

    let explanation: AccessExplanation
    let query: ExplorerQuery
    let call: Call
    let parties: Parties
    /// Whether the viewer may make the smallest change.
    let mayChange: Bool

    var html: HTML {
        section(.class("card answer"), .labelledBy("answer")) {
            h2(Texts.Explorer.answer, .id("answer"), .class("unseen"))
            verdict(
                isAllowed: explanation.isAllowed, word: explanation.isAllowed ? Texts.Explorer.allowed : Texts.Explorer.denied,
                sentence: sentence)
            for (index, reason) in explanation.reasons.prefix(Self.shownReasons).enumerated() {
                pathDiagram(nodes(reason), label: Texts.Explorer.way(index + 1))
            }
            if explanation.reasons.count > Self.shownReasons {
                p(Texts.Explorer.moreReasons(explanation.reasons.count - Self.shownReasons), .class("muted"))
            }
            if !explanation.isAllowed {
                misses
                smallestChange
            }
        }
    }

    private var name: String { explanation.subject.name.isEmpty ? explanation.subject.id : explanation.subject.name }

    private var sentence: String {
        if explanation.isAllowed { return Texts.Explorer.may(name, query.action, query.type, query.resource) }
        let words = Texts.Explorer.mayNot(name, query.action, query.type, query.resource)
        if !explanation.reasons.isEmpty { return words + " " + Texts.Explorer.isForbidden }
        return words + " " + Texts.Explorer.nothingCovers
    }

    // MARK: Cards

    private func nodes(_ reason: Reason) -> [PathNode] {
        let isAllow = reason.permission.effect == .allow
        var nodes = reason.path.isEmpty ? [node(explanation.subject)] : reason.path.map(node)
        nodes.append(
            PathNode(
                reason.grant.id.isEmpty ? Texts.Explorer.everybody : Texts.Explorer.permission,
                PermissionWords.brief(reason.permission), to: grantPath(reason.grant, role: reason.role),
                state: isAllow ? .fits : .misses, word: isAllow ? Texts.Explorer.allows : Texts.Explorer.denies,
                isMonospaced: true))
        return nodes + [resourceNode]
    }

    private var resourceNode: PathNode { PathNode(query.type, query.resource, isMonospaced: true) }

    private func node(_ step: Reason.Step) -> PathNode {
        if step.kind == "role" {
            return PathNode(
                Texts.Explorer.role, step.name, to: parties.role(step.id) == nil ? nil : call.rolePath(step.id))
        }
        let party = PrincipalKind(rawValue: step.kind).map {
            PrincipalReference(kind: $0, id: EntityID(trusted: step.id))
        }
        return PathNode(
            party?.kind.word ?? step.kind, step.name.isEmpty ? step.id : step.name, to: party.flatMap { parties.path($0) })
    }

    /// Where the permission can be seen and changed: the role, or the authorization.
    private func grantPath(_ grant: Grant, role: String?) -> Path? {
        if let role { return parties.role(role) == nil ? nil : call.rolePath(role) }
        // What everybody has was granted by nobody.
        return grant.id.isEmpty ? nil : call.to("/authorizations", grant.id)
    }

    // MARK: What comes close

    private var misses: HTML? {
        guard !explanation.nearest.isEmpty else { return nil }
        return div(.class("misses")) {
            h3(Texts.Explorer.close(explanation.nearest.count))
            for (index, miss) in explanation.nearest.prefix(Self.shownMisses).enumerated() {
                pathDiagram(nodes(miss), label: Texts.Explorer.closeWay(index + 1))
            }
        }
    }

    private func nodes(_ miss: Miss) -> [PathNode] {
        var nodes = [node(explanation.subject)]
        if let role = miss.role {
            let isAssigned = miss.missing != .assignment
            nodes.append(
                PathNode(
                    Texts.Explorer.role, parties.roleName(role), to: parties.role(role) == nil ? nil : call.rolePath(role),
                    state: isAssigned ? .plain : .misses, word: isAssigned ? nil : Texts.Explorer.missing(.assignment)))
        }
        let isAtFault = miss.missing != .assignment
        nodes.append(
            PathNode(
                Texts.Explorer.permission, PermissionWords.brief(miss.permission), state: isAtFault ? .misses : .plain,
                word: isAtFault ? Texts.Explorer.missing(miss.missing) : nil, isMonospaced: true))
        return nodes + [resourceNode]
    }

    private var smallestChange: HTML? {
        guard let change = explanation.toAllow else { return nil }
        return div(.class("smallest")) {
            h3(Texts.Explorer.smallest)
            p { bdi(change.description) }
            if mayChange {
                buttonRow {
                    linkButton(Texts.Explorer.previewChange, to: call.to("/explorer/change").query(query.fields), .primary)
                }
            } else {
                p(Texts.Explorer.mayNotChange, .class("muted"))
            }
        }
    }
}

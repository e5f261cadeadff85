public import Access
public import Storage

/// Where the parts of a `ListScope` lie in a list's query.
public struct ScopeColumns: Sendable {
    let id: SQL
    /// The kind of member the list's objects are, where they can be in groups.
    let memberKind: String?
    /// Fields that conditions read, compared as they are written.
    let fields: [String: ListField]

    /// - Parameters:
    ///   - id: the column of the object's id.
    ///   - name: the column of the principal's name, as it is written.
    public init(id: SQL, name: SQL? = nil, memberKind: String? = nil) {
        self.id = id
        self.memberKind = memberKind
        var fields = ["id": ListField(id, .exact)]
        if let name { fields["username"] = ListField(name, .exact) }
        self.fields = fields
    }
}

extension Statement {
    /// Appends a condition that holds for the rows the scope lets through.
    public mutating func append(_ scope: ListScope, _ columns: ScopeColumns, realm: SQLValue) throws {
        switch scope {
        case .all: append("(1 = 1)")
        case .none: append("(1 = 0)")
        case .ids(let ids): appendIDs(ids.sorted(), columns)
        case .prefix(let prefix):
            append("(")
            append(columns.id)
            append(" >= ", .text(prefix))
            append(" AND ")
            append(columns.id)
            append(" < ", .text(prefix + "\u{10FFFF}"))
            append(")")
        case .members(let groups):
            guard let kind = columns.memberKind else { return append("(1 = 0)") }
            isComposed = true
            append("(")
            for (index, block) in Self.blocks(groups.sorted()).enumerated() {
                if index > 0 { append(" OR ") }
                append(columns.id)
                append(" IN (SELECT g.member_id FROM membership g WHERE g.realm_id = ", realm)
                append(" AND g.member_kind = ", .text(kind))
                append(" AND g.group_id IN ")
                bindList(block.map { .text($0) })
                append(")")
            }
            append(")")
        case .filter(let filter):
            isComposed = true
            let shape = ListShape(name: "scope", fields: columns.fields, id: columns.id, defaultSort: "id")
            try shape.compile(filter, into: &self)
        case .and(let parts): try appendAll(parts, " AND ", columns, realm)
        case .or(let parts): try appendAll(parts, " OR ", columns, realm)
        case .not(let part):
            append("(NOT ")
            try append(part, columns, realm: realm)
            append(")")
        }
    }

    private mutating func appendAll(_ parts: [ListScope], _ word: SQL, _ columns: ScopeColumns, _ realm: SQLValue) throws {
        isComposed = true
        append("(")
        for (index, part) in parts.enumerated() {
            if index > 0 { append(word) }
            try append(part, columns, realm: realm)
        }
        append(")")
    }

    private mutating func appendIDs(_ ids: [String], _ columns: ScopeColumns) {
        let blocks = Self.blocks(ids)
        if blocks.count > 1 { isComposed = true }
        append("(")
        for (index, block) in blocks.enumerated() {
            if index > 0 { append(" OR ") }
            append(columns.id)
            append(" IN ")
            bindList(block.map { .text($0) })
        }
        append(")")
    }

    private static func blocks(_ texts: [String]) -> [[String]] {
        stride(from: 0, to: texts.count, by: listLimit).map { Array(texts[$0..<min($0 + listLimit, texts.count)]) }
    }
}

import Access
import Model

/// Everything an attacker sends to a kind of object, hoping for more power.
extension EscalationWorld {
    static let types = ["user", "group", "service", "role", "resource-type", "resource", "role-assignment", "authorization"]
    private static let everything = #"{"resourceType":"*","actions":["*"]}"#

    /// Bodies for a route, by the first noun of its path and the last.
    func bodies(for path: String, noun: String) -> [String] {
        let action = path.split(separator: "/").last.map(String.init) ?? ""
        switch noun {
        case "role-assignments": return path.contains("{") ? assignmentPatches : assignments
        case "authorizations": return path.contains("{") ? authorizationPatches : authorizations
        case "roles": return path.contains("{") ? rolePatches : newRoles
        case "resource-types": return types
        case "resources": return resources
        case "catalogs": return catalogs
        case "users": return users(action)
        case "user-imports": return imports
        case "me": return [#"{"attributes":{"clearance":"high"}}"#, #"{"name":"M","username":"olga"}"#, #"{"roles":["owner"]}"#]
        case "services":
            return [
                #"{"name":"tool"}"#, #"{"name":"tool2","expiresAt":"2099-01-01T00:00:00Z"}"#,
                #"{"name":"tool3","permissions":[\#(Self.everything)]}"#, #"{"status":"active"}"#, #"{"name":"robot2"}"#, "{}",
            ]
        case "groups": return [#"{"name":"evil"}"#, #"{"name":"bosses"}"#, "{}"]
        default: return ["{}"]
        }
    }

    private var principals: [String] {
        [("user", attacker.id), ("user", colleague), ("group", pawns), ("service", robot)].map { kind, id in
            #"{"kind":"\#(kind)","id":"\#(id)"}"#
        }
    }

    private var scopes: [String] {
        [
            #"{"kind":"realm"}"#, #"{"kind":"group","id":"\#(pawns)"}"#, #"{"kind":"organization","id":"other"}"#,
            #"{"kind":"resources","type":"user","ids":["\#(owner.id)"]}"#,
        ]
    }

    private var assignments: [String] {
        var bodies: [String] = []
        for role in ["owner", "user-admin", "access-admin", "auditor", "keys", "looker", "clerk"] {
            for principal in principals.prefix(2) { bodies.append(#"{"principal":\#(principal),"role":"\#(role)"}"#) }
        }
        for principal in principals.dropFirst(2) { bodies.append(#"{"principal":\#(principal),"role":"owner"}"#) }
        for scope in scopes {
            bodies.append(#"{"principal":\#(principals[0]),"role":"owner","scope":\#(scope)}"#)
            bodies.append(#"{"principal":\#(principals[0]),"role":"help-desk","scope":\#(scope)}"#)
        }
        bodies.append(#"{"principal":\#(principals[0]),"role":"access-admin","validFrom":"2030-01-01T00:00:00Z"}"#)
        return bodies
    }

    private var assignmentPatches: [String] {
        ["owner", "keys", "access-admin"].map { #"{"role":"\#($0)"}"# } + scopes.map { #"{"scope":\#($0)}"# } + [
            #"{"expiresAt":null,"validFrom":null}"#, #"{"expiresAt":"2099-01-01T00:00:00Z"}"#,
        ]
    }

    /// Lists of permissions worth having.
    private var prizes: [String] {
        let all = Self.types.map { #"[{"resourceType":"\#($0)","actions":["*"]}]"# }
        return all + [
            "[\(Self.everything)]", #"[{"resourceType":"vault","actions":["*"]}]"#,
            #"[{"resourceType":"vault","match":"pattern","resource":"*","actions":["open"]}]"#,
            ##"[{"resourceType":"mqtt-topic","match":"pattern","resource":"#","actions":["publish"]}]"##,
            #"[{"resourceType":"http-endpoint","actions":["write"]}]"#,
            #"[{"resourceType":"resource-type","match":"id","resource":"vault","actions":["grant"]}]"#,
            #"[{"resourceType":"user","match":"id","resource":"\#(owner.id)","actions":["reset-password"]}]"#,
            #"[{"resourceType":"user","match":"property","property":"username","subject":"key","actions":["reset-password"]}]"#,
            #"[{"resourceType":"user","actions":["*"],"condition":"subject.username eq \"mallory\""}]"#,
            #"[{"resourceType":"audit","actions":["read"]},{"resourceType":"decision","actions":["*"]}]"#,
        ]
    }

    private var denials: [String] {
        [
            #"[{"effect":"deny","resourceType":"user","actions":["*"]}]"#,
            #"[{"effect":"deny","resourceType":"role-assignment","actions":["*"]}]"#,
        ]
    }

    private var authorizations: [String] {
        prizes.flatMap { prize in
            principals.prefix(2).map { #"{"principal":\#($0),"permissions":\#(prize)}"# }
        }
            + denials.map { #"{"principal":{"kind":"user","id":"\#(owner.id)"},"permissions":\#($0)}"# }
            + denials.map { #"{"principal":{"kind":"group","id":"\#(bosses)"},"permissions":\#($0)}"# }
    }

    private var authorizationPatches: [String] {
        prizes.map { #"{"permissions":\#($0)}"# } + [
            #"{"permissions":[{"effect":"deny","resourceType":"mqtt-topic","match":"id","resource":"x","actions":["publish"]}]}"#,
            #"{"expiresAt":"2026-01-01T00:00:00Z"}"#, #"{"validFrom":"2099-01-01T00:00:00Z"}"#,
        ] + scopes.map { #"{"scope":\#($0)}"# }
    }

    private var newRoles: [String] {
        var number = 0
        func id() -> String {
            number += 1
            return "evil-\(number)"
        }
        return prizes.map { #"{"id":"\#(id())","permissions":\#($0)}"# }
            + ["owner", "keys", "access-admin", "user-admin"].map { #"{"id":"\#(id())","includes":["\#($0)"]}"# }
            + [#"{"id":"owner","permissions":[]}"#]
    }

    private var rolePatches: [String] {
        prizes.map { #"{"permissions":\#($0)}"# } + ["owner", "keys", "access-admin"].map { #"{"includes":["\#($0)"]}"# }
            + [#"{"permissions":[]}"#, #"{"includes":null}"#]
    }

    private var types: [String] {
        [
            #"{"id":"user","actions":["read"]}"#, #"{"id":"evil","plane":"management","actions":["read"]}"#,
            #"{"id":"evil-type","actions":["read"]}"#,
            // Whoever may do `all` would be let open it; and whoever may open it would see it, said in the order of before.
            #"{"actions":[{"id":"open"},{"id":"look"},{"id":"all","includes":["look","open"]}]}"#,
            #"{"actions":[{"id":"look"},{"id":"all"},{"id":"open","includes":["look"]}]}"#,
            #"{"actions":["open","look","all"],"syntax":"topic"}"#,
        ]
    }

    private var resources: [String] {
        [
            #"{"properties":{"owner":"\#(attacker.id)"}}"#, #"{"organization":"other"}"#, #"{"name":"mine"}"#, "{}",
            #"{"properties":{"owner":["\#(attacker.id)"]}}"#,
        ]
    }

    private var catalogs: [String] {
        prizes.map { #"{"catalog":"evil","roles":[{"id":"r","permissions":\#($0)}]}"# } + [
            #"{"catalog":"evil","roles":[{"id":"r","includes":["owner"]}]}"#,
            #"{"catalog":"evil","resourceTypes":[{"id":"t","actions":["read"]}]}"#,
            #"{"catalog":"user","resourceTypes":[{"id":"user","actions":["read"]}]}"#,
        ]
    }

    private func users(_ action: String) -> [String] {
        switch action {
        case "password": [#"{"password":"\#(RouteWalkTests.newPassword)"}"#]
        case "users":
            [
                #"{"username":"evil","password":"\#(World.password)","attributes":{"clearance":"high","key":"v1"}}"#,
                #"{"username":"mallory2","roles":["owner"]}"#,
            ]
        case "{id}":
            [
                // What is cleared must not hide what was written before.
                #"{"attributes":null}"#, #"{"attributes":{"clearance":"high"}}"#, #"{"attributes":{"key":"*"}}"#,
                #"{"attributes":{"key":"v1"}}"#, #"{"name":"Changed","email":"mallory@example.org"}"#,
            ]
        default: ["{}"]
        }
    }

    private var imports: [String] {
        let hash = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$q1v6Z3Q3q1v6Z3Q3q1v6Z3Q3q1v6Z3Q3q1v6Z3Q3q1s"
        return [
            "username,attributes.clearance\nmallory,high\nwendy,high\nevil2,high\n",
            "username,passwordHash\nolga,\"\(hash)\"\nchief,\"\(hash)\"\nadam,\"\(hash)\"\nwendy,\"\(hash)\"\n",
            "username,status\nolga,disabled\nchief,disabled\nadam,disabled\n",
        ]
    }
}

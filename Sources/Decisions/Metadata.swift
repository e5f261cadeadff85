internal import HTTPTypes
internal import Hummingbird
internal import Model
internal import Web

/// Section 9 of the standard: where the calls are.
enum Metadata {
    static let endpoints = [
        ("access_evaluation_endpoint", "/evaluation"), ("access_evaluations_endpoint", "/evaluations"),
        ("search_subject_endpoint", "/search/subject"), ("search_resource_endpoint", "/search/resource"),
        ("search_action_endpoint", "/search/action"),
    ]

    /// - Parameter realmPath: `/realms/NAME`, or empty.
    static func answer(_ call: Call, below realmPath: String) -> Response {
        let base = call.publicURL + realmPath
        var response = Response.json { writer in
            writer.object { writer in
                writer.member("policy_decision_point", base)
                for (name, path) in endpoints { writer.member(name, base + DecisionSurface.prefix + path) }
            }
        }
        // It changes when the server is started anew, and says nothing of anybody.
        response.headers[.cacheControl] = "public, max-age=300"
        return response
    }
}

public import Grants
internal import HTTPTypes
internal import Hummingbird
public import Model
public import Web

/// The AuthZEN Authorization API 1.0 of the OpenID Foundation: applications ask what their users may do.
public enum DecisionSurface {
    /// Of realm `main`; every realm answers at `/realms/{realm}` in front of it.
    public static let prefix = "/access/v1"
    public static let metadataPath = "/.well-known/authzen-configuration"

    /// The surfaces for the server to mount: the calls, and the public metadata that names them.
    public static func make(
        _ questions: AccessQuestions, realmExists: @escaping @Sendable (RealmID) -> Bool
    ) -> [Surface] {
        let calls = Surface(
            name: "decisions", prefix: prefix, credentials: .bearer,
            routes: [
                Route(.post, prefix + "/evaluation") { try await Evaluations.one(questions, $0) },
                Route(.post, prefix + "/evaluations") { try await Evaluations.many(questions, $0) },
                Route(.post, prefix + "/search/subject") { try await Searches.subjects(questions, $0) },
                Route(.post, prefix + "/search/resource") { try await Searches.resources(questions, $0) },
                Route(.post, prefix + "/search/action") { try await Searches.actions(questions, $0) },
            ],
            echoesAnyRequestID: true, renderError: { Problem($0).response(requestID: $1.requestID) })
        let metadata = Surface(
            name: "metadata", prefix: metadataPath, credentials: .none,
            routes: [
                Route(.get, metadataPath, access: .everybody) { Metadata.answer($0, below: $0.realmPath) },
                // Section 9.2.1 of the standard: the path of the identifier comes behind the well-known one.
                Route(.get, metadataPath + "/realms/{name}", access: .everybody) { call in
                    let realm = RealmID(try call.parameter("name"))
                    guard call.realmPath.isEmpty, realmExists(realm) else { throw ServiceError.notFound }
                    return Metadata.answer(call, below: "/realms/" + realm.text)
                },
            ],
            echoesAnyRequestID: true, renderError: { Problem($0).response(requestID: $1.requestID) })
        return [calls, metadata]
    }
}

extension Call {
    /// The body of a call for decisions. The standard knows one answer to a request it cannot understand: 400, also for a body of
    /// another kind than JSON.
    func decisionBody() async throws -> [UInt8] {
        guard request.headers[.contentType] == "application/json" || mediaType == "application/json" else {
            throw ServiceError.malformed("Send the body as application/json.")
        }
        return try await body()
    }
}

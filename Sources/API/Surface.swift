public import Authentication
public import Directory
public import Grants
public import HTTPTypes
internal import Hummingbird
public import Web

/// What the REST API calls: it translates and holds no rules of its own.
public struct APIServices: Sendable {
    /// Roles, assignments, groups and the rest of access.
    let access: AccessServices
    let users: Users
    let account: Account
    let setup: Setup
    let signIn: SignIn
    let sessions: Sessions
    let audit: AuditReader
    let imports: UserImports
    let exports: UserExports
    let spoolFolder: String

    /// - Parameter spoolFolder: where answers are kept that are too long for memory.
    public init(
        access: AccessServices, users: Users, account: Account, setup: Setup, signIn: SignIn, sessions: Sessions,
        audit: AuditReader,
        imports: UserImports, exports: UserExports, spoolFolder: String
    ) {
        self.access = access
        self.imports = imports
        self.exports = exports
        self.spoolFolder = spoolFolder
        self.users = users
        self.account = account
        self.setup = setup
        self.signIn = signIn
        self.sessions = sessions
        self.audit = audit
    }
}

/// One operation of the API: where it is, who may ask, and what it does with the services.
public struct Endpoint: Sendable {
    typealias Handler = @Sendable (APIServices, Call) async throws -> Response

    public let method: HTTPRequest.Method
    /// Below `APISurface.prefix`, as in the contract: `/users/{id}`.
    public let path: String
    public let access: Route.Access
    let handler: Handler

    init(_ method: HTTPRequest.Method, _ path: String, access: Route.Access = .authenticated, handler: @escaping Handler) {
        self.method = method
        self.path = path
        self.access = access
        self.handler = handler
    }
}

/// REST version 1, as `openapi.yaml` describes it.
public enum APISurface {
    /// Of realm `main`; every realm answers at `/realms/{realm}` in front of it.
    public static let prefix = "/api/v1"

    /// Every operation there is. The surface is made from this table and the contract is held against it.
    public static let endpoints: [Endpoint] =
        SetupEndpoints.all + SessionEndpoints.all + MeEndpoints.all + UserEndpoints.all + UserImportEndpoints.all
        + RoleEndpoints.all + RoleAssignmentEndpoints.all + AuthorizationEndpoints.all + ResourceTypeEndpoints.all
        + ResourceEndpoints.all + CatalogEndpoints.all + AccessReportEndpoints.all + AuditEventEndpoints.all
        + GroupEndpoints.all + ServiceEndpoints.all
        + ContractEndpoints.all

    /// The surface for the server to mount.
    public static func make(_ services: APIServices) -> Surface {
        Surface(
            name: "api", prefix: prefix, credentials: .bearer,
            routes: endpoints.map { endpoint in
                Route(endpoint.method, prefix + endpoint.path, access: endpoint.access) { call in
                    let response = try await endpoint.handler(services, call)
                    return endpoint.method == .get ? ContentTag.applyIfNoneMatch(of: call.request, to: response) : response
                }
            },
            renderError: { error, context in
                Problem(error).response(requestID: context.requestID)
            })
    }
}

public import Access
public import Grants
public import Model

/// The services of access and of the directory that all work with the same context, for the surfaces.
public struct AccessServices: Sendable {
    public let roles: Roles
    public let roleAssignments: RoleAssignments
    public let reports: AccessReports
    public let authorizations: Authorizations
    public let resourceTypes: ResourceTypes
    public let resources: Resources
    public let catalogs: Catalogs
    /// Decisions about others.
    public let questions: AccessQuestions
    public let groups: Groups
    public let services: Services
    private let gate: Gate

    public init(_ context: AccessContext) {
        roles = Roles(context)
        roleAssignments = RoleAssignments(context)
        reports = AccessReports(context)
        authorizations = Authorizations(context)
        resourceTypes = ResourceTypes(context)
        resources = Resources(context)
        catalogs = Catalogs(context)
        questions = AccessQuestions(context)
        groups = Groups(context)
        services = Services(context)
        gate = context.gate
    }

    /// The resource types of the caller's realm, for reading permissions and scopes.
    public func types(of caller: Caller) throws -> @Sendable (String) -> ResourceType? {
        let box = try gate.snapshot(of: caller.realm)
        return { box.snapshot.resourceType($0) }
    }

    /// Asked before saying what is wrong with the fields: whoever may not do it learns only that.
    ///
    /// - Throws: `forbidden`.
    public func require(_ permission: ManagementPermission, on id: EntityID? = nil, caller: Caller) throws {
        try gate.require(permission, on: id?.text, caller: caller)
    }
}

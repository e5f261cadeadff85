public import Grants

/// The services of access and of the directory that all work with the same context, for the surfaces.
public struct AccessServices: Sendable {
    public let roleAssignments: RoleAssignments

    public init(_ context: AccessContext) {
        roleAssignments = RoleAssignments(context)
    }
}

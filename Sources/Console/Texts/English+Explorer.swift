extension Texts {
    /// The flat list of permissions.
    enum Flat {
        static let title = "Permissions"
    }

    /// Asking who may do what.
    enum Explorer {
        static let entry = "Explorer"
    }

    /// Resource types.
    enum Types {
        static let title = "Resource types"
    }

    /// Catalogs.
    enum Catalogs {
        static let title = "Catalogs"
    }
}

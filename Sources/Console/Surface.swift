public import Authentication
public import Directory
public import Grants
public import Model
public import Web

/// What the pages work with. Every rule is in these; pages ask, show and lead on.
public struct ConsoleServices: Sendable {
    let users: Users
    let account: Account
    let setup: Setup
    let signIn: SignIn
    let sessions: Sessions
    let audit: AuditReader
    let access: AccessServices
    let gate: Gate
    let clock: any WallClock
    let exports: UserExports
    let desk: ImportDesk

    /// - Parameter spoolFolder: where uploaded files are kept while they are worked on.
    public init(
        access: AccessServices, users: Users, account: Account, setup: Setup, signIn: SignIn, sessions: Sessions,
        audit: AuditReader, gate: Gate,
        clock: any WallClock, imports: UserImports, exports: UserExports, spoolFolder: String
    ) {
        self.exports = exports
        desk = ImportDesk(imports: imports, folder: spoolFolder)
        self.access = access
        self.users = users
        self.account = account
        self.setup = setup
        self.signIn = signIn
        self.sessions = sessions
        self.audit = audit
        self.gate = gate
        self.clock = clock
    }
}

/// The pages of one noun: a file declares one of these and is named in `ConsoleSurface`.
protocol ConsolePages: Sendable {
    init(services: ConsoleServices)
    var routes: [Route] { get }
}

/// The web console: pages at `/` for people with a browser.
public enum ConsoleSurface {
    /// The surface with all its pages; errors become pages, "not signed in" leads to the sign-in page and back.
    public static func make(_ services: ConsoleServices) -> Surface {
        let pages: [any ConsolePages] = [
            AssetFiles(services: services), ThemePages(services: services), SetupPages(services: services),
            SignInPages(services: services), AccountPages(services: services), HomePage(services: services),
            UsersPage(services: services), UsersBulkPage(services: services), UserPage(services: services),
            UserForms(services: services), UserEditForm(services: services), UserActions(services: services),
            UserImportPages(services: services), UserExportPage(services: services),
            FindPage(services: services), AssignmentsPage(services: services), AssignmentPage(services: services),
            AssignmentForms(services: services), AuthorizationsPage(services: services), AuthorizationPage(services: services),
            AuthorizationForms(services: services), GroupsPage(services: services), GroupPage(services: services),
            GroupForms(services: services), GroupMemberships(services: services), GroupsBulkPage(services: services),
            ServicesPage(services: services), ServicePage(services: services), ServiceForms(services: services),
            ServiceTokenPages(services: services),
            RolesPage(services: services), RolePage(services: services), RoleForms(services: services),
            ResourceTypesPage(services: services), ResourceTypeForms(services: services), CatalogsPage(services: services),
            PermissionsPage(services: services), ExplorerPage(services: services), ExplorerSearches(services: services),
            ExplorerChange(services: services),
            AuditLogPages(services: services), AuditVerifyPage(services: services), SearchPage(services: services),
            HelpPages(services: services), APIReferencePage(services: services), PartsGallery(services: services),
        ]
        return Surface(
            name: "console", prefix: "", credentials: .cookie, routes: pages.flatMap(\.routes),
            renderError: ErrorPages.render)
    }
}

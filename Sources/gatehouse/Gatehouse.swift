import ArgumentParser

/// The command.
@main
struct Gatehouse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehouse",
        abstract: "Who are you, and what are you allowed to do? A self-hosted identity and access server.",
        discussion: ExitStatus.help,
        version: "0.1.0",
        subcommands: [
            Serve.self, Backup.self, Restore.self, Login.self, Logout.self, WhoAmI.self, UserCommand.self, GroupCommand.self,
            ServiceCommand.self, RoleCommand.self, AssignmentCommand.self, AuthorizationCommand.self, ResourceTypeCommand.self,
            ResourceCommand.self, CatalogCommand.self, CheckCommand.self, ExplainCommand.self, WhoCanCommand.self,
            WhatCanCommand.self, AuditCommand.self, Completion.self,
        ])
}

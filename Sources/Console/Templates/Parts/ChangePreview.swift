import Access
import Grants
import Model

/// Who gains and who loses what by a change that is not saved yet.
struct ChangePreview {
    /// More lines than this are counted, not shown.
    private static let shown = 50

    let simulation: AccessSimulation
    let words: PermissionWords
    let parties: Parties

    var html: HTML {
        HTML {
            if simulation.gains.isEmpty, simulation.losses.isEmpty {
                callout(Texts.Preview.noChange, .idle, text: Texts.Preview.noChangeSentence)
            } else {
                side(Texts.Preview.gains, simulation.gains, none: Texts.Preview.noGains, isGain: true)
                side(Texts.Preview.losses, simulation.losses, none: Texts.Preview.noLosses, isGain: false)
            }
            if simulation.isCut { p(Texts.Preview.cut, .class("muted")) }
        }
    }

    private func side(_ title: String, _ differences: [AccessSimulation.Difference], none: String, isGain: Bool) -> HTML {
        card(
            "\(title) (\(grouped(differences.count)))",
            action: span(isGain ? "+" : "−", .class(isGain ? "delta good" : "delta bad"), .hiddenFromReaders)
        ) {
            if differences.isEmpty {
                p(none, .class("muted"))
            } else {
                dataTable(
                    Array(differences.prefix(Self.shown)), caption: title,
                    columns: [
                        Column(Texts.Preview.who, .main) { who($0) },
                        Column(Texts.Preview.what) { words.sentence($0.access.permission) },
                        Column(Texts.Preview.through, .secondary) { wayWords($0.access, parties: parties) },
                    ])
                if differences.count > Self.shown {
                    p(Texts.BulkUsers.more(differences.count - Self.shown), .class("muted spaced-above"))
                }
            }
        }
    }

    private func who(_ difference: AccessSimulation.Difference) -> HTML {
        HTML {
            stepLink(difference.principal, parties: parties)
            if difference.principal.kind == Subject.groupKind {
                " "
                small(Texts.Preview.members(difference.members), .class("muted"))
            }
        }
    }
}

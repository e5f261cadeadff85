import Audit
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/audit/verify`: walks the chain, shows the head to keep, and takes an earlier one to check against.
struct AuditVerifyPage: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [Route(.get, "/audit/verify") { try await verify($0) }]
    }

    private func verify(_ call: Call) async throws -> Response {
        let given = trimmed(call.query["head"] ?? "")
        var errors = FormErrors.none
        var result: AuditVerification?
        do {
            result = try await services.audit.verify(since: optional(given), caller: call.caller)
        } catch {
            guard !given.isEmpty, let refused = FormErrors(error) else { throw error }
            errors = FormErrors(refused.all.map { FieldError(field: "head", code: $0.code, message: $0.message) })
        }
        let head = PageHead(
            Texts.Audit.verifyTitle, sentence: Texts.Audit.verifySentence, entry: .auditLog,
            crumbs: [Crumb(Texts.Frame.watch), Crumb(Texts.Audit.title, call.to("/audit"))],
            same: SameAs(
                command: "gatehouse audit verify" + (given.isEmpty ? "" : " --head \(shellQuoted(given))"),
                call: curl("GET", call.to("/api/v1/audit-events/verify").query("head", optional(given)))))
        return try await services.page(call, head, status: errors.isEmpty ? .ok : .badRequest) {
            if let result {
                outcome(call, result, comparedHead: !given.isEmpty)
                card(Texts.Audit.head, sentence: Texts.Audit.headSentence) { codeBlock(result.head) }
            }
            card(Texts.Audit.earlierHeadTitle) {
                getForm(to: call.to("/audit/verify"), .class("form")) {
                    errorSummary(errors)
                    textField(
                        "head", label: Texts.Audit.earlierHead, value: given, hint: Texts.Audit.earlierHeadHint, errors: errors,
                        autocomplete: "off", required: false, monospaced: true)
                    buttonRow { submitButton(Texts.Audit.check) }
                }
            }
        }
    }

    private func outcome(_ call: Call, _ result: AuditVerification, comparedHead: Bool) -> HTML {
        HTML {
            if let firstBreak = result.firstBreak {
                callout(Texts.Audit.broken, .bad) {
                    p(Texts.Audit.brokenSentence(grouped(Int(clamping: firstBreak.position)), firstBreak.reason))
                    p(Texts.Audit.brokenAdvice)
                    if let event = firstBreak.event {
                        p { link(Texts.Audit.openBroken, to: call.to("/audit", event.text)) }
                    }
                }
            } else if result.intact {
                callout(Texts.Audit.intact, .good) {
                    p(Texts.Audit.intactSentence(grouped(Int(clamping: result.events))))
                    if comparedHead { p(Texts.Audit.intactSinceHead) }
                    if result.unsealed > 0 { p(Texts.Audit.unsealed(grouped(Int(clamping: result.unsealed)))) }
                }
            } else {
                callout(Texts.Audit.broken, .bad, text: Texts.Audit.brokenAdvice)
            }
        }
    }
}

--
-- PostgreSQL database dump
--

\restrict shddleZkvFyI21cUReI3TL0Pz6sfLpE1N7d4vkEyDVP8uMDVu122FsqhJ4oHqvZ

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: audit_event; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit_event (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    "position" bigint,
    "time" bigint NOT NULL,
    actor_kind text NOT NULL COLLATE pg_catalog."C",
    actor_id text NOT NULL COLLATE pg_catalog."C",
    action text NOT NULL COLLATE pg_catalog."C",
    target_kind text NOT NULL COLLATE pg_catalog."C",
    target_id text NOT NULL COLLATE pg_catalog."C",
    outcome text NOT NULL COLLATE pg_catalog."C",
    detail text NOT NULL COLLATE pg_catalog."C",
    request_id text NOT NULL COLLATE pg_catalog."C",
    actor_commitment text NOT NULL COLLATE pg_catalog."C",
    target_commitment text NOT NULL COLLATE pg_catalog."C",
    hash text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: audit_personal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit_personal (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    part text NOT NULL COLLATE pg_catalog."C",
    subject_id text NOT NULL COLLATE pg_catalog."C",
    salt text NOT NULL COLLATE pg_catalog."C",
    body text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: audit_seal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit_seal (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    "position" bigint NOT NULL,
    hash text NOT NULL COLLATE pg_catalog."C",
    "time" bigint NOT NULL,
    signature text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: change_feed; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.change_feed (
    "position" bigint NOT NULL,
    realm_id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    id bigint DEFAULT 0 NOT NULL
);


--
-- Name: change_pending; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.change_pending (
    id bigint NOT NULL,
    realm_id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL
);


--
-- Name: credential; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.credential (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    principal_id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    secret text NOT NULL COLLATE pg_catalog."C",
    must_change bigint NOT NULL,
    created_at bigint NOT NULL
);


--
-- Name: database_epoch; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.database_epoch (
    epoch bigint NOT NULL
);


--
-- Name: idempotency_key; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.idempotency_key (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    principal_id text NOT NULL COLLATE pg_catalog."C",
    key_hash text NOT NULL COLLATE pg_catalog."C",
    request_hash text NOT NULL COLLATE pg_catalog."C",
    object_id text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL
);


--
-- Name: known_address; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.known_address (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    principal_id text NOT NULL COLLATE pg_catalog."C",
    address text NOT NULL COLLATE pg_catalog."C",
    last_at bigint NOT NULL
);


--
-- Name: lease; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.lease (
    name text NOT NULL COLLATE pg_catalog."C",
    holder text NOT NULL COLLATE pg_catalog."C",
    expires_at bigint NOT NULL
);


--
-- Name: migration_lease; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.migration_lease (
    name text NOT NULL
);


--
-- Name: one_time_token; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.one_time_token (
    token_hash text NOT NULL COLLATE pg_catalog."C",
    realm_id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    principal_id text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
);


--
-- Name: principal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.principal (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    store_id text NOT NULL COLLATE pg_catalog."C",
    organization_id text COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    name_key text NOT NULL COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);


--
-- Name: realm; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.realm (
    id text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    setup_completed_at bigint
);


--
-- Name: role_assignment; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.role_assignment (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    principal_kind text NOT NULL COLLATE pg_catalog."C",
    principal_id text NOT NULL COLLATE pg_catalog."C",
    role_id text NOT NULL COLLATE pg_catalog."C",
    scope_kind text NOT NULL COLLATE pg_catalog."C",
    scope_id text NOT NULL COLLATE pg_catalog."C",
    valid_from bigint,
    expires_at bigint,
    reason text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    granted_by text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    created_at bigint NOT NULL
);


--
-- Name: schema_migration; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.schema_migration (
    number bigint NOT NULL,
    name text NOT NULL,
    applied_at bigint NOT NULL
);


--
-- Name: sealed_secret; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sealed_secret (
    name text NOT NULL COLLATE pg_catalog."C",
    sealed text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL
);


--
-- Name: session; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.session (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    token_hash text NOT NULL COLLATE pg_catalog."C",
    principal_kind text NOT NULL COLLATE pg_catalog."C",
    principal_id text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    address text NOT NULL COLLATE pg_catalog."C",
    agent text NOT NULL COLLATE pg_catalog."C",
    methods text NOT NULL COLLATE pg_catalog."C",
    authenticated_at bigint NOT NULL
);


--
-- Name: shared_key; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.shared_key (
    name text NOT NULL COLLATE pg_catalog."C",
    sealed text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL
);


--
-- Name: sign_in_activity; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sign_in_activity (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    principal_id text NOT NULL COLLATE pg_catalog."C",
    last_at bigint NOT NULL
);


--
-- Name: sign_in_refusal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sign_in_refusal (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    subject text NOT NULL COLLATE pg_catalog."C",
    address text NOT NULL COLLATE pg_catalog."C",
    minute bigint NOT NULL,
    principal_id text NOT NULL COLLATE pg_catalog."C",
    count bigint NOT NULL
);


--
-- Name: sign_in_tally; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sign_in_tally (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    hour bigint NOT NULL,
    outcome text NOT NULL COLLATE pg_catalog."C",
    count bigint NOT NULL
);


--
-- Name: sign_in_throttle; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sign_in_throttle (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    scope text NOT NULL COLLATE pg_catalog."C",
    subject text NOT NULL COLLATE pg_catalog."C",
    address text NOT NULL COLLATE pg_catalog."C",
    principal_id text NOT NULL COLLATE pg_catalog."C",
    failures bigint NOT NULL,
    since bigint NOT NULL,
    last_at bigint NOT NULL,
    blocked_until bigint NOT NULL
);


--
-- Name: user_profile; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.user_profile (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    display_name text NOT NULL COLLATE pg_catalog."C",
    display_key text NOT NULL COLLATE pg_catalog."C",
    email text NOT NULL COLLATE pg_catalog."C",
    email_key text NOT NULL COLLATE pg_catalog."C",
    email_verified bigint NOT NULL,
    attributes text NOT NULL COLLATE pg_catalog."C",
    search text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: user_word; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.user_word (
    realm_id text NOT NULL COLLATE pg_catalog."C",
    word text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C"
);


--
-- Data for Name: audit_event; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_event VALUES ('main', '01a1fe2d-8db1-774a-83af-ce58d48a2e7f', 1, 1795265760689, 'user', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'setup.complete', 'user', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'success', '', '981f2659a6422d14', 'f8bb22c13aead4c09d5f1e601276820500a3ebfd89440a5b4a7efce5db453d92', 'fa0fde2ab51b287196729749018a744fa08e5e515e40196ed919da712e72c6fb', 'be6e0ac871744749265f334b73744391c78f7e9e5e810a0ff40cf26be0b8f36f');
INSERT INTO public.audit_event VALUES ('main', '01a1fe2d-8e3d-7375-86d9-b3e3761a6506', 2, 1795265760829, 'user', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'session.create', 'user', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'success', '', 'ab8b127cd56dddcb', '5cd94937ec1c991a1329cc95097df61b2c7f583a1742a7a86f6bf5e9d6d343eb', 'd948bb2e57ff6f4d980c544a34a41653ae03ff6cf81693a7e5f49c1fa2f1de65', 'ad4eca56170d1d709b501aefabede2b61e85eb6671f607eaa7374c9f1f12f4c0');
INSERT INTO public.audit_event VALUES ('main', '01a1fe2d-8f62-72d1-aaee-6b3d7d53af1a', 3, 1795265761122, 'user', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'user.create', 'user', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', 'success', '', 'c6a585a79d1766c1', 'fd4638be3c42bc2164e2970193be452cab168809c2bb914ade3275ab73f93705', 'c3c39c54e9ca111bafadc95ccff863f12becb4b1004761ceff4e05b609f60837', 'ed76af3717854fcfac4e836fe93f588ccd18dad3eea942b629ff42533345c8b7');
INSERT INTO public.audit_event VALUES ('main', '01a1fe2d-9055-75ea-8deb-c8122ed146f6', 4, 1795265761365, 'user', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'user.create', 'user', '01a1fe2d-902b-731f-8dc6-32827c8ec444', 'success', '', '6def2508d4db71cc', '313b1dc52046f2c1c8ce013758a9e050de2dee100da5c56392e2b591108bc504', '3feb99a9e115517ff2d8a6db4bcce8fb7432c5ad9fac2f0345e2f3b4203308d5', 'f0e463e7934d9f6c6d41b81adddcedd329fda8d02b507d3b07be62319eca7c34');
INSERT INTO public.audit_event VALUES ('main', '01a1fe2d-906e-750c-a742-847c063fc3f2', 5, 1795265761390, 'user', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'user.disable', 'user', '01a1fe2d-902b-731f-8dc6-32827c8ec444', 'success', '', 'eff832f960fa8237', 'd99c6274995d54865a6bcd4c358edcd617b81edc506893d6822a42766ef10058', '421195ab705599ef9a1b9f3325f7a027005c2e2bcdf9bc0224d6e5f62dd60021', 'a4eb8b81497f0151134562affa9164a086f8f645c009746a86b29b8d5cab16a7');
INSERT INTO public.audit_event VALUES ('main', '01a1fe2d-9077-72d2-bcac-b284aab7aeda', 6, 1795265761399, 'user', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'user.create', 'user', '01a1fe2d-9076-7340-99ec-49277ffb99c2', 'success', '', '6e1a4b9cb785e8d5', '65b75d1af815639f54d49bb6bd9efba788f7ba6a6e8513522897eb48f83e2004', 'a72db9ae0ea37cf23a78aa7e8a18d6139036073eba155e1506bb86b298b16358', 'b4d007cb01d0de74ea3474afbb3c97c3e8aeb2f63cfb9b7852b412a52120b88f');
INSERT INTO public.audit_event VALUES ('main', '01a1fe2d-9126-7058-bef6-6d086fb39a18', 7, 1795265761574, 'user', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'user.create', 'user', '01a1fe2d-9121-7341-8867-2a721fd522c6', 'success', '', 'abcdfe683e5c6c3f', 'e5f4c1224fc15b982c708b5ab0d2cc7d0087a9cf6bbd323f06888c90718e6c23', 'fd087730840dc3ca8810ec3681c95a2a4569acc39654d2d6e498d0fe8e40973f', '0d6d69f893c8c98aeddbdf18600500dd4f7d3ed2fdfeb362c8b46ce3e77402b5');
INSERT INTO public.audit_event VALUES ('main', '01a1fe2d-9146-7756-8713-acbd62813167', 8, 1795265761606, 'user', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'user.delete', 'user', '01a1fe2d-9121-7341-8867-2a721fd522c6', 'success', '', 'bf6a8df137e3d84e', '49ee416e169283749060b34c41381143a8c7e6e2f20ae6837621d6a633ac139c', 'b20ea1d9411cc5ec3d242842d0334e896545dfcc30dff3733e563675d2f48fb4', '109f4459ab9a4ed8b09ec9f198543583b525bcd6077cc61871defee43b88aa0d');
INSERT INTO public.audit_event VALUES ('main', '01a1fe2d-917a-7179-80a9-9e773ba79531', 9, 1795265761658, 'user', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'user.update', 'user', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', 'success', '', 'd8cae4a0909d3fb2', '994d785ae10a76ec2efe99d393798f5cbeadcd03cf651ce781cf60d4dd87d289', 'aaaeeafc109f51800d7beba0f145cacbb4696b5b2641ada306828c6a7d9d2f97', 'bfa4da25653a954148c20fed5a11da9d2521fc58fd60ed106e14639e115fe597');
INSERT INTO public.audit_event VALUES ('main', '01a1fe2d-92f2-7065-96f6-18c9317c4180', 10, 1795265762034, '', '', 'session.refused', 'user', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', 'failure', 'wrong password', '09df30777419308e', '3704c90f898f3e98ce011a934cc44976d682612be6b6fe34c25882b983d515af', 'cc87631e8dcbe5118c2906f1a541e0f5a438f83bbe6aac7f843abbae1490d746', 'd9cf21881d994e6709a7cf6c64b8885ed4ab46f52dd1cc68b6cac5d72c039d26');
INSERT INTO public.audit_event VALUES ('main', '01a1fe2d-935a-736c-9852-9ae8185e6dd1', 11, 1795265762138, 'user', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', 'session.create', 'user', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', 'success', '', '084b11b5567ea258', 'c637a5b12f91aa98a5d1cacbe1fab56ca5d320f0292fc890a4fd5a1b405d1822', 'cf8c667cd4c087936c89dbb4eb5c1f98c884c5314313d64cee3d6106394d2cbf', 'd440348f34b5038d3b63dbdb480354812ffb3b374196f1c459cc9e0f86bd93da');
INSERT INTO public.audit_event VALUES ('main', '01a1fe2d-9c5e-72cf-bbbf-945fbb79be8c', 12, 1795265764446, 'user', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'user.update', 'user', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', 'success', '', '989d0f9545c94449', '962eaf52cdf402da18b666629647ef1c9c0bde098562a74feeaacb19087ea01f', '2b532aec1c18bb9873796d1081df8eb4da1102261c7873c37fc98fc5b3705a5e', '826ffd41166dd156383345bf397cbffdf6a55984d8c8047c1519bd7bcac64ff2');


--
-- Data for Name: audit_personal; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-8db1-774a-83af-ce58d48a2e7f', 'actor', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'hL8osIOmhkb72WhXPH99Ew', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-8db1-774a-83af-ce58d48a2e7f', 'target', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'fC91spYixZV2t7EXbD2oMQ', '{"name":"olivia","changes":[{"field":"username","old":null,"new":"olivia"},{"field":"name","old":null,"new":"Olivia Owner"},{"field":"email","old":null,"new":"olivia@example.org"},{"field":"emailVerified","old":null,"new":false}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-8e3d-7375-86d9-b3e3761a6506', 'actor', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'xYJoCgu2JsXbvYnC0ZhX4A', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-8e3d-7375-86d9-b3e3761a6506', 'target', '01a1fe2d-8d96-72f8-845d-55693ae74a24', '5VWALaUHgaa5TQEznONQSw', '{"name":"olivia"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-8f62-72d1-aaee-6b3d7d53af1a', 'actor', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'hkRddbylFodlD8OpiuepuA', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-8f62-72d1-aaee-6b3d7d53af1a', 'target', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', 'dcIoAbTT65XZQygBp3CwPQ', '{"name":"ann","changes":[{"field":"username","old":null,"new":"ann"},{"field":"name","old":null,"new":"Änn \"B\" 🔑"},{"field":"email","old":null,"new":"ann@example.org"},{"field":"emailVerified","old":null,"new":false},{"field":"attributes.department","old":null,"new":"Research"},{"field":"attributes.floor","old":null,"new":3},{"field":"attributes.sites","old":null,"new":["north","harbour"]}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-9055-75ea-8deb-c8122ed146f6', 'actor', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'CEuB7ZCC0s5Ep-zPwuB6ag', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-9055-75ea-8deb-c8122ed146f6', 'target', '01a1fe2d-902b-731f-8dc6-32827c8ec444', 'Wb5aiDXQVo5oWmgzl3PztQ', '{"name":"dora","changes":[{"field":"username","old":null,"new":"dora"},{"field":"emailVerified","old":null,"new":false}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-906e-750c-a742-847c063fc3f2', 'actor', '01a1fe2d-8d96-72f8-845d-55693ae74a24', '7yzd68IVM7SQs3kx9ukYfg', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-906e-750c-a742-847c063fc3f2', 'target', '01a1fe2d-902b-731f-8dc6-32827c8ec444', 'jBSbiK4T77bGGc9bHXHHww', '{"name":"dora","changes":[{"field":"status","old":"active","new":"disabled"}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-9077-72d2-bcac-b284aab7aeda', 'actor', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'b79uq3ejvKTmT2qDwVCbhw', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-9077-72d2-bcac-b284aab7aeda', 'target', '01a1fe2d-9076-7340-99ec-49277ffb99c2', '3rSi3fNGq4Gx6vQR87jIrg', '{"name":"ivan","changes":[{"field":"username","old":null,"new":"ivan"},{"field":"name","old":null,"new":"Ivan Invited"},{"field":"emailVerified","old":null,"new":false}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-9126-7058-bef6-6d086fb39a18', 'actor', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'Wfd2ecoSgU_TX2AwcAC6xQ', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-9126-7058-bef6-6d086fb39a18', 'target', '01a1fe2d-9121-7341-8867-2a721fd522c6', 'ttN_ru7cnG45enJEc6R3PA', '{"name":"gone","changes":[{"field":"username","old":null,"new":"gone"},{"field":"emailVerified","old":null,"new":false}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-9146-7756-8713-acbd62813167', 'actor', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'WVJks7BrjaCupCdMVmUVNg', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-9146-7756-8713-acbd62813167', 'target', '01a1fe2d-9121-7341-8867-2a721fd522c6', 'Mmn4phpgJ6eCHsT8rATl_Q', '{"name":"gone","changes":[{"field":"username","old":"gone","new":null},{"field":"emailVerified","old":false,"new":null}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-917a-7179-80a9-9e773ba79531', 'actor', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'N7GsvOgIiDdw5UQFsSoy3Q', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-917a-7179-80a9-9e773ba79531', 'target', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', 'vejeKS595CjJ_bv7PuRjlQ', '{"name":"ann","changes":[{"field":"name","old":"Änn \"B\" 🔑","new":"Ann Berg"}]}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-92f2-7065-96f6-18c9317c4180', 'actor', '', 'OCFwdNGU0JxLe6Nj6Kg7dw', '{"address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-92f2-7065-96f6-18c9317c4180', 'target', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', 'rUVexCiszeuEXC1usdDRgA', '{"name":"ann"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-935a-736c-9852-9ae8185e6dd1', 'actor', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', 'gCZo-qEdqGHPgayjez_eWw', '{"name":"ann","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-935a-736c-9852-9ae8185e6dd1', 'target', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', 'jUvsWWke8AKAiFq9_7gZdA', '{"name":"ann"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-9c5e-72cf-bbbf-945fbb79be8c', 'actor', '01a1fe2d-8d96-72f8-845d-55693ae74a24', '33_7P4ydpsKkqJdGZaehHg', '{"name":"olivia","address":"127.0.0.1"}');
INSERT INTO public.audit_personal VALUES ('main', '01a1fe2d-9c5e-72cf-bbbf-945fbb79be8c', 'target', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', '6tp9nu5NR9iUThp7ZWLL5Q', '{"name":"ann","changes":[{"field":"email","old":"ann@example.org","new":"ann.berg@example.org"}]}');


--
-- Data for Name: audit_seal; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit_seal VALUES ('main', 11, 'd440348f34b5038d3b63dbdb480354812ffb3b374196f1c459cc9e0f86bd93da', 1795265762481, 'zdRds9rrlcgFgOfZWPaaX3emTBYVSDgawEwnOhyZtEbqmnV6s8Cqh4pdtwXYGTr4HirVoFJ_VBQKkescbzdWDw');
INSERT INTO public.audit_seal VALUES ('main', 12, '826ffd41166dd156383345bf397cbffdf6a55984d8c8047c1519bd7bcac64ff2', 1795265764956, 'ykWCdckR_s3fcwWDBM1cUHZ1BecTQdIgrWmWA2fJ0R7ge52zUrDDelJ5D4LlktFLdV__MMpI6zdGrmPmRiNBCg');


--
-- Data for Name: change_feed; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.change_feed VALUES (1, 'main', 'principal', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 1, 6606698364405980958);
INSERT INTO public.change_feed VALUES (2, 'main', 'role-assignment', 'user:01a1fe2d-8d96-72f8-845d-55693ae74a24', 1, 1612581595994118725);
INSERT INTO public.change_feed VALUES (3, 'main', 'principal', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', 1, 3934007569118711915);
INSERT INTO public.change_feed VALUES (4, 'main', 'principal', '01a1fe2d-902b-731f-8dc6-32827c8ec444', 1, 5503333465144201593);
INSERT INTO public.change_feed VALUES (5, 'main', 'principal', '01a1fe2d-902b-731f-8dc6-32827c8ec444', 2, 8336823764219696610);
INSERT INTO public.change_feed VALUES (6, 'main', 'principal', '01a1fe2d-9076-7340-99ec-49277ffb99c2', 1, 4632033998461280505);
INSERT INTO public.change_feed VALUES (7, 'main', 'principal', '01a1fe2d-9121-7341-8867-2a721fd522c6', 1, 101236340995451502);
INSERT INTO public.change_feed VALUES (8, 'main', 'principal', '01a1fe2d-9121-7341-8867-2a721fd522c6', 0, 3220026222829536117);
INSERT INTO public.change_feed VALUES (9, 'main', 'principal', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', 2, 1479570905621976649);
INSERT INTO public.change_feed VALUES (10, 'main', 'principal', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', 3, 4099651536698295192);


--
-- Data for Name: change_pending; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: credential; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.credential VALUES ('main', '01a1fe2d-8d96-72f9-93ab-b1226616fb37', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'password', '$argon2id$v=19$m=19456,t=2,p=1$Nlh3lmK3BnJp7YnV18YEdA$p/cdkdoFJfpHLIreUNt/1M8kRjI/c17rTbU5JlJbDRg', 0, 1795265760662);
INSERT INTO public.credential VALUES ('main', '01a1fe2d-8f56-7131-aacb-6d67e32a0689', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', 'password', '$argon2id$v=19$m=19456,t=2,p=1$SCFCSyKwfv9SKxNN1gXLJw$BCHPjCAOlPJ0MJXHoB0jtPPDoyFcdBtAO8yHRcrlzuw', 0, 1795265761110);
INSERT INTO public.credential VALUES ('main', '01a1fe2d-902b-7320-a991-5fd8aaaccaeb', '01a1fe2d-902b-731f-8dc6-32827c8ec444', 'password', '$argon2id$v=19$m=19456,t=2,p=1$4myd2gpNSlzTELn/G1CKcA$TH7DuC2fS/fSTFzaY3P5qXPbTysSapcO4av+7UvEauE', 0, 1795265761323);


--
-- Data for Name: database_epoch; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.database_epoch VALUES (1);


--
-- Data for Name: idempotency_key; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: known_address; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.known_address VALUES ('main', '01a1fe2d-8d96-72f8-845d-55693ae74a24', '127.0.0.1', 1795265760826);
INSERT INTO public.known_address VALUES ('main', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', '127.0.0.1', 1795265762132);


--
-- Data for Name: lease; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.lease VALUES ('audit record of main', 'es7xwNzaYFBtJvex', 1795265766738);
INSERT INTO public.lease VALUES ('change feed', '3UkAVH0qVXBoLTlW', 0);


--
-- Data for Name: migration_lease; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.migration_lease VALUES ('migration');


--
-- Data for Name: one_time_token; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: principal; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.principal VALUES ('main', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'user', 'builtin', NULL, 'olivia', 'olivia', 'active', 1, 1795265760662, 1795265760662);
INSERT INTO public.principal VALUES ('main', '01a1fe2d-902b-731f-8dc6-32827c8ec444', 'user', 'builtin', NULL, 'dora', 'dora', 'disabled', 2, 1795265761323, 1795265761389);
INSERT INTO public.principal VALUES ('main', '01a1fe2d-9076-7340-99ec-49277ffb99c2', 'user', 'builtin', NULL, 'ivan', 'ivan', 'invited', 1, 1795265761398, 1795265761398);
INSERT INTO public.principal VALUES ('main', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', 'user', 'builtin', NULL, 'ann', 'ann', 'active', 3, 1795265761110, 1795265764401);


--
-- Data for Name: realm; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.realm VALUES ('main', 0, 1795265760662);


--
-- Data for Name: role_assignment; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.role_assignment VALUES ('main', '01a1fe2d-8d96-72fa-8285-cfc6301657fa', 'user', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'owner', 'realm', '', NULL, NULL, 'setup', 'local', '', 1, 1795265760662);


--
-- Data for Name: schema_migration; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.schema_migration VALUES (1, 'change feed and sealed secrets', 1795265759117);
INSERT INTO public.schema_migration VALUES (2, 'audit record', 1795265759143);
INSERT INTO public.schema_migration VALUES (3, 'realms, principals, role assignments', 1795265759168);
INSERT INTO public.schema_migration VALUES (4, 'credentials, sessions, throttling', 1795265759220);
INSERT INTO public.schema_migration VALUES (5, 'user profiles, search words, idempotency keys', 1795265759248);
INSERT INTO public.schema_migration VALUES (6, 'many writers: changes without a number, leases', 1795265759267);
INSERT INTO public.schema_migration VALUES (8, 'audit events that wait for their place', 1795265759285);


--
-- Data for Name: sealed_secret; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sealed_secret VALUES ('cursor key', 'jqFlfABgWHILtRAaavNIOhY6NLZ4tqdpDgIW6zlLDg-wUVm05DKMK_9wAAms5Z44aHxElQdBCiKC4X_Z', 1795265760400);
INSERT INTO public.sealed_secret VALUES ('audit signing key', '862Av1ie81iDFAxBvacJeRDjrH0tNPWurm3teOQc-735UWMSJZdtCL-FbysSZQVViSoX-3b_SnF38v2_', 1795265760430);


--
-- Data for Name: session; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.session VALUES ('main', '01a1fe2d-8e3a-7570-a0d6-44e8a8e1d718', 'AkkBozuThDJ_cW-5BGRY_iKHzlW5ZyHTzaGsGNwsG8A', 'user', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 1795265760826, 1795265760826, 1795870560826, '127.0.0.1', 'python-httpx/0.28.1', 'pwd', 1795265760826);
INSERT INTO public.session VALUES ('main', '01a1fe2d-9354-70ea-98a2-6e404e357741', '7eD-3nH4moRKD4EMpi37bbo4ejPYBVf3FGu3kKgOpak', 'user', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', 1795265762132, 1795265762132, 1795870562132, '127.0.0.1', 'python-httpx/0.28.1', 'pwd', 1795265762132);


--
-- Data for Name: shared_key; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.shared_key VALUES ('key file', 'uN-HpJiJcDR1d5d0z6E0zW0E0mZ5EECtJjvGvscxn0dEHxWMyLtkpkG4JgmEwf5pLF05YQDOtHecv53LAfsYPfFnl8LZoCdQQwqn_w', 1795265760214);


--
-- Data for Name: sign_in_activity; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sign_in_activity VALUES ('main', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 1795265760826);
INSERT INTO public.sign_in_activity VALUES ('main', '01a1fe2d-902b-731f-8dc6-32827c8ec444', 0);
INSERT INTO public.sign_in_activity VALUES ('main', '01a1fe2d-9076-7340-99ec-49277ffb99c2', 0);
INSERT INTO public.sign_in_activity VALUES ('main', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', 1795265762132);


--
-- Data for Name: sign_in_refusal; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sign_in_refusal VALUES ('main', 'SZFeDX1LQC4wF9AQvBwOg8rGx5fWwW5mNA_jJoaTpqE', '127.0.0.1', 29921096, '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', 0);


--
-- Data for Name: sign_in_tally; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sign_in_tally VALUES ('main', 498684, 'success', 2);
INSERT INTO public.sign_in_tally VALUES ('main', 498684, 'refused', 1);


--
-- Data for Name: sign_in_throttle; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sign_in_throttle VALUES ('main', 'address', '127.0.0.1', '', '', 1, 1795265762021, 1795265762021, 0);


--
-- Data for Name: user_profile; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.user_profile VALUES ('main', '01a1fe2d-8d96-72f8-845d-55693ae74a24', 'Olivia Owner', 'olivia owner', 'olivia@example.org', 'olivia@example.org', 0, '{}', '
example.org
olivia
olivia@example.org
org
owner');
INSERT INTO public.user_profile VALUES ('main', '01a1fe2d-902b-731f-8dc6-32827c8ec444', '', '', '', '', 0, '{}', '
dora');
INSERT INTO public.user_profile VALUES ('main', '01a1fe2d-9076-7340-99ec-49277ffb99c2', 'Ivan Invited', 'ivan invited', '', '', 0, '{}', '
invited
ivan');
INSERT INTO public.user_profile VALUES ('main', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc', 'Ann Berg', 'ann berg', 'ann.berg@example.org', 'ann.berg@example.org', 0, '{"department":"Research","floor":3,"sites":["north","harbour"]}', '
ann
ann.berg@example.org
berg
berg@example.org
example.org
org');


--
-- Data for Name: user_word; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.user_word VALUES ('main', 'example.org', '01a1fe2d-8d96-72f8-845d-55693ae74a24');
INSERT INTO public.user_word VALUES ('main', 'olivia', '01a1fe2d-8d96-72f8-845d-55693ae74a24');
INSERT INTO public.user_word VALUES ('main', 'olivia@example.org', '01a1fe2d-8d96-72f8-845d-55693ae74a24');
INSERT INTO public.user_word VALUES ('main', 'org', '01a1fe2d-8d96-72f8-845d-55693ae74a24');
INSERT INTO public.user_word VALUES ('main', 'owner', '01a1fe2d-8d96-72f8-845d-55693ae74a24');
INSERT INTO public.user_word VALUES ('main', 'dora', '01a1fe2d-902b-731f-8dc6-32827c8ec444');
INSERT INTO public.user_word VALUES ('main', 'invited', '01a1fe2d-9076-7340-99ec-49277ffb99c2');
INSERT INTO public.user_word VALUES ('main', 'ivan', '01a1fe2d-9076-7340-99ec-49277ffb99c2');
INSERT INTO public.user_word VALUES ('main', 'ann', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc');
INSERT INTO public.user_word VALUES ('main', 'ann.berg@example.org', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc');
INSERT INTO public.user_word VALUES ('main', 'berg', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc');
INSERT INTO public.user_word VALUES ('main', 'berg@example.org', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc');
INSERT INTO public.user_word VALUES ('main', 'example.org', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc');
INSERT INTO public.user_word VALUES ('main', 'org', '01a1fe2d-8f56-7130-a8c9-68aefc570bfc');


--
-- Name: audit_event audit_event_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_event
    ADD CONSTRAINT audit_event_pkey PRIMARY KEY (realm_id, id);


--
-- Name: audit_personal audit_personal_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_personal
    ADD CONSTRAINT audit_personal_pkey PRIMARY KEY (realm_id, event_id, part);


--
-- Name: audit_seal audit_seal_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT audit_seal_pkey PRIMARY KEY (realm_id, "position");


--
-- Name: change_feed change_feed_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.change_feed
    ADD CONSTRAINT change_feed_pkey PRIMARY KEY ("position");


--
-- Name: change_pending change_pending_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.change_pending
    ADD CONSTRAINT change_pending_pkey PRIMARY KEY (id);


--
-- Name: credential credential_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credential
    ADD CONSTRAINT credential_pkey PRIMARY KEY (realm_id, id);


--
-- Name: database_epoch database_epoch_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.database_epoch
    ADD CONSTRAINT database_epoch_pkey PRIMARY KEY (epoch);


--
-- Name: idempotency_key idempotency_key_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT idempotency_key_pkey PRIMARY KEY (realm_id, principal_id, key_hash);


--
-- Name: known_address known_address_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.known_address
    ADD CONSTRAINT known_address_pkey PRIMARY KEY (realm_id, principal_id, address);


--
-- Name: lease lease_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.lease
    ADD CONSTRAINT lease_pkey PRIMARY KEY (name);


--
-- Name: migration_lease migration_lease_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.migration_lease
    ADD CONSTRAINT migration_lease_pkey PRIMARY KEY (name);


--
-- Name: one_time_token one_time_token_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.one_time_token
    ADD CONSTRAINT one_time_token_pkey PRIMARY KEY (token_hash);


--
-- Name: principal principal_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.principal
    ADD CONSTRAINT principal_pkey PRIMARY KEY (realm_id, id);


--
-- Name: realm realm_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.realm
    ADD CONSTRAINT realm_pkey PRIMARY KEY (id);


--
-- Name: role_assignment role_assignment_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.role_assignment
    ADD CONSTRAINT role_assignment_pkey PRIMARY KEY (realm_id, id);


--
-- Name: schema_migration schema_migration_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (number);


--
-- Name: sealed_secret sealed_secret_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sealed_secret
    ADD CONSTRAINT sealed_secret_pkey PRIMARY KEY (name);


--
-- Name: session session_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (realm_id, id);


--
-- Name: shared_key shared_key_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.shared_key
    ADD CONSTRAINT shared_key_pkey PRIMARY KEY (name);


--
-- Name: sign_in_activity sign_in_activity_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sign_in_activity
    ADD CONSTRAINT sign_in_activity_pkey PRIMARY KEY (realm_id, principal_id);


--
-- Name: sign_in_refusal sign_in_refusal_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sign_in_refusal
    ADD CONSTRAINT sign_in_refusal_pkey PRIMARY KEY (realm_id, subject, address, minute);


--
-- Name: sign_in_tally sign_in_tally_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sign_in_tally
    ADD CONSTRAINT sign_in_tally_pkey PRIMARY KEY (realm_id, hour, outcome);


--
-- Name: sign_in_throttle sign_in_throttle_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sign_in_throttle
    ADD CONSTRAINT sign_in_throttle_pkey PRIMARY KEY (realm_id, scope, subject, address);


--
-- Name: user_profile user_profile_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_profile
    ADD CONSTRAINT user_profile_pkey PRIMARY KEY (realm_id, id);


--
-- Name: user_word user_word_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_word
    ADD CONSTRAINT user_word_pkey PRIMARY KEY (realm_id, word, user_id);


--
-- Name: audit_event_action; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_event_action ON public.audit_event USING btree (realm_id, action, "time", id);


--
-- Name: audit_event_actor; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_event_actor ON public.audit_event USING btree (realm_id, actor_id, "time", id);


--
-- Name: audit_event_position; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX audit_event_position ON public.audit_event USING btree (realm_id, "position");


--
-- Name: audit_event_target; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_event_target ON public.audit_event USING btree (realm_id, target_id, "time", id);


--
-- Name: audit_event_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_event_time ON public.audit_event USING btree (realm_id, "time", id);


--
-- Name: audit_event_waiting; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_event_waiting ON public.audit_event USING btree (realm_id, "time", id) WHERE ("position" IS NULL);


--
-- Name: audit_personal_subject; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_personal_subject ON public.audit_personal USING btree (realm_id, subject_id);


--
-- Name: credential_principal; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credential_principal ON public.credential USING btree (realm_id, principal_id, kind);


--
-- Name: idempotency_key_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idempotency_key_created ON public.idempotency_key USING btree (created_at);


--
-- Name: one_time_token_expiry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX one_time_token_expiry ON public.one_time_token USING btree (expires_at);


--
-- Name: one_time_token_principal; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX one_time_token_principal ON public.one_time_token USING btree (realm_id, principal_id);


--
-- Name: principal_kind_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX principal_kind_created ON public.principal USING btree (realm_id, kind, created_at, id);


--
-- Name: principal_kind_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX principal_kind_name ON public.principal USING btree (realm_id, kind, name_key, id);


--
-- Name: principal_kind_status; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX principal_kind_status ON public.principal USING btree (realm_id, kind, status, id);


--
-- Name: principal_kind_updated; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX principal_kind_updated ON public.principal USING btree (realm_id, kind, updated_at, id);


--
-- Name: principal_name; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX principal_name ON public.principal USING btree (realm_id, name_key);


--
-- Name: role_assignment_principal; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX role_assignment_principal ON public.role_assignment USING btree (realm_id, principal_id);


--
-- Name: role_assignment_role; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX role_assignment_role ON public.role_assignment USING btree (realm_id, role_id);


--
-- Name: session_expiry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX session_expiry ON public.session USING btree (expires_at);


--
-- Name: session_principal; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX session_principal ON public.session USING btree (realm_id, principal_id, created_at);


--
-- Name: session_token; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX session_token ON public.session USING btree (token_hash);


--
-- Name: sign_in_activity_last; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sign_in_activity_last ON public.sign_in_activity USING btree (realm_id, last_at, principal_id);


--
-- Name: sign_in_throttle_last; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sign_in_throttle_last ON public.sign_in_throttle USING btree (last_at);


--
-- Name: sign_in_throttle_principal; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sign_in_throttle_principal ON public.sign_in_throttle USING btree (realm_id, principal_id, blocked_until);


--
-- Name: user_profile_display; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX user_profile_display ON public.user_profile USING btree (realm_id, display_key, id);


--
-- Name: user_profile_email; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX user_profile_email ON public.user_profile USING btree (realm_id, email_key, id);


--
-- Name: credential credential_realm_id_principal_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credential
    ADD CONSTRAINT credential_realm_id_principal_id_fkey FOREIGN KEY (realm_id, principal_id) REFERENCES public.principal(realm_id, id);


--
-- Name: principal principal_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.principal
    ADD CONSTRAINT principal_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realm(id);


--
-- Name: session session_realm_id_principal_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_realm_id_principal_id_fkey FOREIGN KEY (realm_id, principal_id) REFERENCES public.principal(realm_id, id);


--
-- Name: user_profile user_profile_realm_id_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_profile
    ADD CONSTRAINT user_profile_realm_id_id_fkey FOREIGN KEY (realm_id, id) REFERENCES public.principal(realm_id, id);


--
-- PostgreSQL database dump complete
--

\unrestrict shddleZkvFyI21cUReI3TL0Pz6sfLpE1N7d4vkEyDVP8uMDVu122FsqhJ4oHqvZ


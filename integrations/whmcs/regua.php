<?php
/**
 * Régua's hook file for WHMCS. Copy it to includes/hooks/regua.php and fill in the two settings below.
 *
 * It tells Régua at once what Régua would otherwise see within a minute: invoices made and paid, tickets opened and
 * answered by clients, requests to cancel. Each call carries only a number, and is signed; Régua reads the rest over
 * WHMCS's API before it believes it. A call that fails is no loss, and delays nothing for longer than two seconds.
 *
 * Before WHMCS suspends a service for being overdue it asks Régua. WHMCS leaves the service up while a promise, a
 * payment proof under review or a hold protects it, or while Régua's ladder has not come to a suspension. A
 * suspension with a reason of its own (abuse, say) is a person's, and is never asked about. Where Régua gives no
 * answer the suspension is left for the next run: change the third setting to let WHMCS suspend in that case.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

// Where Régua is reached from here, without a slash at the end. TLS, unless it is this very machine.
const REGUA_URL = 'https://regua.example.com';
// whmcs.hook_secret of Régua's configuration: 32 characters or more.
const REGUA_HOOK_SECRET = '';
// What happens to an overdue suspension when Régua gives no answer: true leaves it for the next run.
const REGUA_ABORT_WITHOUT_ANSWER = true;

/** Signs and sends a call. The answer as an array; null when there is none that can be used. */
function regua_call(array $body, int $seconds): ?array
{
    if (strlen(REGUA_HOOK_SECRET) < 32) {
        return null;
    }
    $json = json_encode($body);
    $timestamp = (string) time();
    $nonce = bin2hex(random_bytes(16));
    $signature = hash_hmac('sha256', $timestamp . '.' . $nonce . '.' . $json, REGUA_HOOK_SECRET);
    $curl = curl_init(REGUA_URL . '/hooks/whmcs');
    curl_setopt_array($curl, [
        CURLOPT_POST => true,
        CURLOPT_POSTFIELDS => $json,
        CURLOPT_HTTPHEADER => [
            'Content-Type: application/json',
            'X-Regua-Timestamp: ' . $timestamp,
            'X-Regua-Nonce: ' . $nonce,
            'X-Regua-Signature: ' . $signature,
        ],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_CONNECTTIMEOUT => $seconds,
        CURLOPT_TIMEOUT => $seconds,
        CURLOPT_FOLLOWLOCATION => false,
    ]);
    $text = curl_exec($curl);
    $code = (int) curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
    curl_close($curl);
    $answer = is_string($text) && $code === 200 ? json_decode($text, true) : null;
    return is_array($answer) ? $answer : null;
}

/** Tells that something of this number changed. */
function regua_tell(string $event, $id, array $more = []): void
{
    regua_call(['event' => $event, 'id' => (int) $id] + $more, 2);
}

foreach (['InvoiceCreated', 'InvoicePaid', 'AddInvoicePayment'] as $event) {
    add_hook($event, 1, function ($vars) use ($event) {
        regua_tell($event, $vars['invoiceid']);
    });
}

foreach (['TicketOpen', 'TicketUserReply'] as $event) {
    add_hook($event, 1, function ($vars) use ($event) {
        regua_tell($event, $vars['ticketid']);
    });
}

add_hook('CancellationRequest', 1, function ($vars) {
    regua_tell('CancellationRequest', $vars['relid'], ['type' => (string) $vars['type'], 'reason' => (string) $vars['reason']]);
});

add_hook('PreModuleSuspend', 1, function ($vars) {
    $params = $vars['params'] ?? $vars;
    $reason = trim((string) ($params['suspendreason'] ?? ''));
    // WHMCS's own overdue suspension gives no reason, or this one.
    if ($reason !== '' && strcasecmp($reason, 'Overdue on Payment') !== 0) {
        return [];
    }
    $id = (int) ($params['serviceid'] ?? 0);
    $answer = regua_call(['event' => 'PreModuleSuspend', 'id' => $id], 5);
    $allowed = is_array($answer) && array_key_exists('allow', $answer) ? (bool) $answer['allow'] : !REGUA_ABORT_WITHOUT_ANSWER;
    if ($allowed) {
        return [];
    }
    logActivity('Régua: service ' . $id . ' is not suspended: ' . ($answer['because'] ?? 'no answer') . (isset($answer['until']) ? ' until ' . $answer['until'] : ''));
    return ['abortcmd' => true];
});

<?php
// Sends a bill, lets its payer pay it, takes the callback, and cancels. Needs PHP 8 and a mock server:
//   payssam mock -- php mock/examples/php.php
declare(strict_types=1);

$base = getenv('PAYSSAM_BASE_URL');
$desk = preg_replace('~/partner$~', '/_mock', $base);
$envelope = ['apiKey' => getenv('PAYSSAM_API_KEY'), 'member' => getenv('PAYSSAM_MEMBER'),
    'merchant' => getenv('PAYSSAM_MERCHANT')];

function must(bool $is, string $what): void
{
    if (!$is) {
        fwrite(STDERR, "$what\n");
        exit(1);
    }
}

function post(string $url, array $body): array
{
    $http = ['method' => 'POST', 'header' => 'content-type: application/json', 'timeout' => 30,
        'content' => json_encode((object) $body, JSON_THROW_ON_ERROR)];
    $response = file_get_contents($url, false, stream_context_create(['http' => $http]));
    return json_decode((string) $response, true, 512, JSON_THROW_ON_ERROR);
}

function payssam(string $path, array $bill): array
{
    $response = post($GLOBALS['base'] . $path, [...$GLOBALS['envelope'], 'bill' => $bill]);
    must($response['code'] === '0000', "$path: {$response['code']} {$response['message']}");
    return $response['data'];
}

$hash = fn (string ...$parts): string => hash('sha256', implode(',', $parts));
$receiver = stream_socket_server('tcp://127.0.0.1:0');
[$id, $phone, $price] = ['php-' . hrtime(true) % 10 ** 12, '01012345678', '45000'];
payssam('/bill', ['billId' => $id, 'phone' => $phone, 'price' => $price, 'sendType' => 'URL',
    'productName' => '수강료', 'memberName' => '김하나', 'hash' => $hash($id, $phone, $price),
    'callbackUrl' => 'http://' . stream_socket_get_name($receiver, false) . '/payssam']);
post("$desk/bills/$id/pay?merchant={$envelope['merchant']}", []);

// Only a hint that something was paid: anybody can post here, so the bill is read.
$caller = stream_socket_accept($receiver, 30);
for ($length = 0; ($line = trim((string) fgets($caller))) !== '';) {
    $length = sscanf(strtolower($line), 'content-length: %d')[0] ?? $length;
}
$callback = json_decode((string) stream_get_contents($caller, $length), true, 512, JSON_THROW_ON_ERROR);
$body = '{"code":"0000","msg":"성공하였습니다."}';
fwrite($caller, "HTTP/1.1 200 OK\r\ncontent-length: " . strlen($body) . "\r\nconnection: close\r\n\r\n$body");
fclose($caller);
must($callback['billId'] === $id, 'another bill was called back');

$paid = payssam('/bill/read', ['billId' => $id]);
must([$paid['apprState'], $paid['apprPrice']] === ['F', $price], 'it is not paid');
payssam('/bill/cancel', ['billId' => $id, 'price' => $price, 'hash' => $hash($id, $price)]); // No phone: two parts.
must(payssam('/bill/read', ['billId' => $id])['apprState'] === 'C', 'it is not cancelled');
echo "$id was sent, paid, called back and cancelled\n";

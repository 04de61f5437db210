// Signs a user up, deletes it and signs it up again with aws-sdk for JavaScript v2; confirms with
// the second mail's code.
//
// The delete, the timer and the second sign-up are the calls that people publish as the remedy for
// a verification mail that does not come again. This SDK takes no endpoint from the environment.
"use strict";

const assert = require("node:assert/strict");
const AWS = require("aws-sdk");

const MAIL_DEADLINE_MS = 10_000;
const {
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: region,
  REVERIFY_USER_POOL_ID: userPoolId,
  REVERIFY_CLIENT_ID: clientId,
  REVERIFY_USERNAME: email,
  REVERIFY_CONTROL: control,
} = process.env;
assert.ok(endpoint && control, "AWS_ENDPOINT_URL and REVERIFY_CONTROL are not set");

AWS.config.update({ region, endpoint });
const cognito = new AWS.CognitoIdentityServiceProvider();

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const deleteUser = async () => {
  await cognito.adminDeleteUser({ UserPoolId: userPoolId, Username: email }).promise();
  console.log("deleted");
};

const registerUser = async () => {
  const response = await cognito
    .signUp({
      ClientId: clientId,
      Username: email,
      Password: "your-strong-password",
      UserAttributes: [{ Name: "email", Value: email }],
    })
    .promise();
  assert.equal(response.CodeDeliveryDetails.DeliveryMedium, "EMAIL");
  assert.notEqual(response.CodeDeliveryDetails.Destination, email, "the address is not masked");
  console.log("signed up", response.UserSub);
  return response.UserSub;
};

const mails = async (count) => {
  const deadline = Date.now() + MAIL_DEADLINE_MS;
  for (;;) {
    const answer = await fetch(`${control}mails?to=${encodeURIComponent(email)}`);
    assert.equal(answer.status, 200, await answer.clone().text());
    const found = await answer.json();
    if (found.length >= count) return found;
    assert.ok(Date.now() < deadline, `${found.length} of ${count} mails in time`);
    await pause(20);
  }
};

const confirm = (code) =>
  cognito
    .confirmSignUp({ ClientId: clientId, Username: email, ConfirmationCode: code })
    .promise();

(async () => {
  const firstSub = await registerUser();
  await mails(1);
  await deleteUser();
  await pause(2000);
  const secondSub = await registerUser();
  const [first, second] = await mails(2);
  assert.notEqual(firstSub, secondSub, "the second account has the first one's sub");

  await assert.rejects(confirm(first.code), { code: "CodeMismatchException" });
  await confirm(second.code);
  const user = await cognito.adminGetUser({ UserPoolId: userPoolId, Username: email }).promise();
  assert.equal(user.UserStatus, "CONFIRMED");
  console.log("confirmed with the code of the second mail");
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

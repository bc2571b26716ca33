import { expect, test } from "vitest";
import {
  createResolver,
  type Json,
  type Resources,
} from "../../../localstack/emulators/cloudformation.ts";

/** `<x>` stands for CloudFormation's dollar and braces, which the linter takes for a template string. */
const braces = (text: string) => text.replaceAll("<", "$" + "{").replaceAll(">", "}");
const sub = (text: string) => ({ "Fn::Sub": braces(text) });

const resources: Resources = {
  Queue: { Type: "AWS::SQS::Queue", Properties: { QueueName: "orders" } },
  Unnamed: { Type: "AWS::SQS::Queue" },
  Table: {
    Type: "AWS::DynamoDB::Table",
    Properties: { TableName: sub("<Queue.QueueName>-t") },
  },
  Role: { Type: "AWS::IAM::Role" },
};
const resolve = createResolver(resources, {
  region: "eu-west-1",
  sqsEndpoint: "http://127.0.0.1:9324",
});

test.each<{ value: Json; gives: Json }>([
  { value: "text", gives: "text" },
  { value: 5, gives: 5 },
  { value: null, gives: null },
  { value: { Ref: "Queue" }, gives: "http://127.0.0.1:9324/000000000000/orders" },
  { value: { Ref: "Unnamed" }, gives: "http://127.0.0.1:9324/000000000000/Unnamed" },
  { value: { Ref: "Table" }, gives: "orders-t" },
  { value: { Ref: "AWS::Region" }, gives: "eu-west-1" },
  { value: { Ref: "AWS::AccountId" }, gives: "000000000000" },
  { value: { Ref: "AWS::Partition" }, gives: "aws" },
  { value: { Ref: "AWS::URLSuffix" }, gives: "amazonaws.com" },
  { value: { Ref: "AWS::StackName" }, gives: "local" },
  {
    value: { "Fn::GetAtt": ["Queue", "Arn"] },
    gives: "arn:aws:sqs:eu-west-1:000000000000:orders",
  },
  { value: { "Fn::GetAtt": "Queue.QueueName" }, gives: "orders" },
  {
    value: { "Fn::GetAtt": ["Table", "Arn"] },
    gives: "arn:aws:dynamodb:eu-west-1:000000000000:table/orders-t",
  },
  {
    value: sub("<Table.Arn>/index/* in <AWS::Region>, <!literal>"),
    gives: braces(
      "arn:aws:dynamodb:eu-west-1:000000000000:table/orders-t/index/* in eu-west-1, <literal>",
    ),
  },
  {
    value: { "Fn::Sub": [braces("<own>/<Table>"), { own: { Ref: "Queue" } }] },
    gives: "http://127.0.0.1:9324/000000000000/orders/orders-t",
  },
  { value: { "Fn::Join": ["-", ["a", { Ref: "Table" }, 1]] }, gives: "a-orders-t-1" },
  {
    value: { list: [{ Ref: "Table" }], inner: { deep: { Ref: "AWS::Region" } } },
    gives: { list: ["orders-t"], inner: { deep: "eu-west-1" } },
  },
])("$value gives $gives", ({ value, gives }) => {
  expect(resolve(value)).toEqual(gives);
});

test.each<{ value: Json; says: string }>([
  {
    value: { Ref: "Missing" },
    says: "Missing.Ref cannot be resolved locally: there is no such resource",
  },
  {
    value: { Ref: "Role" },
    says: "Role.Ref cannot be resolved locally: it is unknown for AWS::IAM::Role",
  },
  {
    value: { "Fn::GetAtt": ["Queue", "Nothing"] },
    says: "Queue.Nothing cannot be resolved locally",
  },
  { value: sub("<Missing.Arn>"), says: "Missing.Arn cannot be resolved locally" },
  { value: { "Fn::Join": "no list" }, says: "Fn::Join needs a separator and a list" },
  { value: { "Fn::ImportValue": "x" }, says: "Fn::ImportValue cannot be resolved locally" },
])("$value is an error", ({ value, says }) => {
  expect(() => resolve(value)).toThrow(says);
});
